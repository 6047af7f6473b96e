import { isObject, type JsonObject } from '../layers-model/model-json.js';
import { numbersOf } from './layer-entry.js';

/** An output of a layer, `[layer, call, output]`. */
export type Reference = readonly [layer: string, call: number, output: number];

/** What an operation reads: a tensor, or numbers. */
export type Argument = { readonly tensor: Reference } | { readonly numbers: number | readonly number[] };

/** What an operation on tensors does in its only call. */
export interface OperationCall {
  /** Its name in Keras 3, `TrueDivide`, or that of TensorFlow's function, `math.truediv`. */
  readonly operation: string;
  readonly inputs: readonly Argument[];
}

/** An operation of Keras 3 or of Keras 2 (`TFOpLambda`) in a functional model; undefined for anything else. */
export function operationCall(entry: JsonObject): OperationCall | undefined {
  const { class_name: className, config, inbound_nodes: nodes } = entry;
  const [node, ...others] = Array.isArray(nodes) ? (nodes as unknown[]) : [];
  if (others.length > 0 || !isObject(config) || typeof className !== 'string') return undefined;
  // Every layer says whether it is trained; an operation has nothing to train.
  if (isObject(node) && !('trainable' in config)) {
    const { args, kwargs = {} } = node;
    if (!Array.isArray(args) || !isObject(kwargs) || Object.values(kwargs).some(value => value !== null))
      return undefined;
    return complete(className, args.map(argument));
  }
  if (className !== 'TFOpLambda' || typeof config.function !== 'string' || !Array.isArray(node)) return undefined;
  const [layer, call, output, kwargs = {}] = Array.isArray(node[0]) ? (node[0] as unknown[]) : (node as unknown[]);
  const first = layer === '_CONSTANT_VALUE' ? output : [layer, call, output];
  if (!isObject(kwargs)) return undefined;
  const isUsual = (key: string, value: unknown): boolean =>
    key === 'name' || value === null || (key === 'data_format' && value === 'NHWC');
  const named = Object.entries(kwargs).filter(([key, value]) => !isUsual(key, value));
  if (named.some(([key]) => !['y', 'bias', 'value'].includes(key))) return undefined;
  return complete(config.function, [argument(first), ...named.map(([, value]) => argument(value))]);
}

function complete(operation: string, inputs: readonly (Argument | undefined)[]): OperationCall | undefined {
  return inputs.every(input => input !== undefined) && inputs.some(input => 'tensor' in (input as Argument))
    ? { operation, inputs: inputs as Argument[] }
    : undefined;
}

function argument(value: unknown): Argument | undefined {
  const history = isObject(value) && isObject(value.config) ? value.config.keras_history : value;
  if (Array.isArray(history) && typeof history[0] === 'string') {
    const tensor = referenceOf(history);
    return tensor && { tensor };
  }
  const numbers = numbersOf(value);
  return numbers === undefined ? undefined : { numbers };
}

/** An output of a layer that `[layer, call, output]` names; undefined for anything else. */
export function referenceOf(value: unknown): Reference | undefined {
  if (!Array.isArray(value)) return undefined;
  const [layer, call, output] = value as unknown[];
  const isIndex = (index: unknown): index is number => Number.isSafeInteger(index) && (index as number) >= 0;
  return typeof layer === 'string' && isIndex(call) && isIndex(output) ? [layer, call, output] : undefined;
}
