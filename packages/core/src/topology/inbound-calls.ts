import type { TopologyFields } from './fields/fields.js';
import { asList, asName, isFields, malformed, show } from './fields/fields.js';

/** Names an output of a call of a layer. */
export interface Reference {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** Layers that take the states they start from as further inputs. */
const withStates: readonly string[] = ['LSTM', 'GRU', 'SimpleRNN', 'RNN', 'ConvLSTM2D', 'Bidirectional'];

/** Layers that do the same in training and elsewhere, which Keras 3 calls with `training` all the same. */
const alike: readonly string[] = ['Resizing', 'CenterCrop', 'Rescaling', 'CategoryEncoding'];

/**
 * What a layer reads in one call, in the spelling of Keras 2 (`[[layer, node, tensor, {}], …]`) or 3
 * (`{ args, kwargs }`).
 */
export function inboundCall(node: unknown, layer: { readonly name: string; readonly className: string }): Reference[] {
  if (!isFields(node)) {
    const list = asList(node, `inbound node of layer "${layer.name}"`);
    const references = typeof list[0] === 'string' ? [list] : list;
    return references.map(reference => {
      const [, , , kwargs] = asList(reference, `input of layer "${layer.name}"`);
      if (isFields(kwargs) && argumentsOf(kwargs, layer).length > 0) other(layer, 'initial_state');
      return referenceOf(reference, `input of layer "${layer.name}"`);
    });
  }
  const { args, kwargs } = node;
  if (!Array.isArray(args) || args.length > 1) return other(layer, 'several arguments');
  const states = isFields(kwargs) ? argumentsOf(kwargs, layer) : [];
  const [tensors = []] = args as unknown[];
  return [...(Array.isArray(tensors) ? (tensors as unknown[]) : [tensors]), ...states].map(tensor => {
    const history = isFields(tensor) && isFields(tensor.config) ? tensor.config.keras_history : undefined;
    return Array.isArray(history)
      ? referenceOf(history, `input of layer "${layer.name}"`)
      : other(layer, 'something else than a tensor');
  });
}

/** Tensors among the arguments by name, of which only states are supported; values that say nothing are left out. */
function argumentsOf(kwargs: TopologyFields, layer: { readonly name: string; readonly className: string }): unknown[] {
  return Object.entries(kwargs).flatMap(([argument, value]) => {
    if (value === null || (argument === 'training' && (value === false || alike.includes(layer.className)))) return [];
    if (argument === 'initial_state' && withStates.includes(layer.className))
      return Array.isArray(value) ? (value as unknown[]) : [value];
    return other(layer, JSON.stringify(argument));
  });
}

function other({ name }: { readonly name: string }, what: string): never {
  return malformed(
    `Layer "${name}" is called with ${what}, but TensorFlow.js reads only calls with tensors. Compute that in a layer of its own.`,
  );
}

/** References in `[layer, node, tensor]`, in lists of them, and in what Keras 3 has by name. */
export function referencesOf(value: unknown, what: string, depth = 0): Reference[] {
  if (depth > 8) malformed(`The ${what} are nested without end.`);
  if (isFields(value)) return Object.values(value).flatMap(part => referencesOf(part, what, depth + 1));
  const list = asList(value, what);
  if (typeof list[0] === 'string' && typeof list[1] === 'number') return [referenceOf(list, what)];
  return list.flatMap(part => referencesOf(part, what, depth + 1));
}

function referenceOf(value: unknown, what: string): Reference {
  const [layer, node = 0, tensor = 0] = asList(value, what);
  const isIndex = (index: unknown): index is number => Number.isSafeInteger(index) && (index as number) >= 0;
  if (!isIndex(node) || !isIndex(tensor))
    return malformed(`The ${what} is ${show(value)}, which names no output of a layer.`);
  return { layer: asName(layer, what), node, tensor };
}
