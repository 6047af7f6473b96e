import type { Activation, PlainActivation } from '../../activation.js';
import { show } from '../../show.js';
import type { Fields } from '../fields.js';
import { type LayerCall, settled, type Value } from '../layer-call.js';

const alike: readonly PlainActivation[] = [
  ...(['linear', 'relu', 'relu6', 'sigmoid', 'tanh', 'selu', 'softplus', 'softsign', 'swish', 'gelu'] as const),
  ...(['mish', 'exponential'] as const),
];

/** Activations by the names that TensorFlow.js and Keras have for them, `softmax` aside. */
const known: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ...alike.map((name): [string, Activation] => [name, name]),
  ['elu', { kind: 'elu', alpha: 1 }],
  ['hard_sigmoid', { kind: 'hardSigmoid', slope: 0.2, offset: 0.5 }],
  ['gelu_new', 'geluTanh'],
  // Of Keras 3.
  ['silu', 'swish'],
  ['hard_silu', 'hardSwish'],
  ['hard_swish', 'hardSwish'],
  ['leaky_relu', { kind: 'rectifier', slope: 0.2, threshold: 0, maximum: Number.POSITIVE_INFINITY }],
]);

/** Names of all activations that are supported. */
export const activationNames: readonly string[] = [...known.keys(), 'softmax'];

/** The name in an `activation`: a word, or a class without options. */
function nameOf({ activation }: Fields): unknown {
  if (activation === undefined || activation === null) return 'linear';
  if (typeof activation !== 'object') return activation;
  const { class_name: name, config = {} } = activation as { readonly class_name?: unknown; readonly config?: unknown };
  return typeof config === 'object' && Object.keys(config ?? {}).length === 0 ? name : activation;
}

/** What is wrong with the `activation` of a configuration, if anything. */
export function activationRefusal(config: Fields): string | undefined {
  const name = nameOf(config);
  return activationNames.some(each => each === name)
    ? undefined
    : `activation ${show(config.activation)}; supported are ${activationNames.join(', ')}`;
}

/** Adds a node with the layer's activation; softmax becomes a node of its own. */
export function withActivation(call: LayerCall, add: (name: string, activation: Activation) => string): string {
  const name = nameOf(call.config);
  if (name !== 'softmax') return add(call.name, known.get(String(name)) ?? 'linear');
  const logits = add(call.builder.freeName(`${call.name}/linear`), 'linear');
  return addSoftmax(call, logits);
}

/** Adds a softmax over the last axis. */
export function addSoftmax(call: LayerCall, node: string): string {
  return call.builder.add({ kind: 'softmax', name: call.name, inputs: [node] });
}

/** `Activation` and `Softmax` layers keep the view of what they read, but for permuted axes under a softmax. */
export function readActivation(call: LayerCall, value: Value): Value {
  const name = nameOf(call.config);
  if (name !== 'softmax') return applied(call, value, known.get(String(name)) ?? 'linear');
  const input = settled(call, value);
  return { ...input, node: addSoftmax(call, input.node) };
}

/** Adds an activation of every entry, unless it changes nothing. */
export function applied(call: LayerCall, value: Value, activation: Activation): Value {
  if (activation === 'linear') return value;
  const node = call.builder.add({ kind: 'activation', name: call.name, inputs: [value.node], activation });
  return { ...value, node };
}
