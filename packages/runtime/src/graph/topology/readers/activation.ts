import type { Activation } from '../../graph.js';
import { show } from '../../show.js';
import type { Fields } from '../fields.js';
import { type LayerCall, refuse, type Value } from '../layer-call.js';

const known = ['linear', 'relu', 'relu6', 'softmax'] as const;
type KnownActivation = (typeof known)[number];

/** What is wrong with the `activation` of a configuration, if anything. */
export function activationRefusal({ activation }: Fields): string | undefined {
  if (activation === undefined || activation === null) return undefined;
  return known.some(name => name === activation)
    ? undefined
    : `activation ${show(activation)}; supported are ${known.join(', ')}`;
}

/** Adds a node with the layer's activation; softmax becomes a node of its own. */
export function withActivation(call: LayerCall, add: (name: string, activation: Activation) => string): string {
  const activation = (call.config.activation ?? 'linear') as KnownActivation;
  if (activation !== 'softmax') return add(call.name, activation);
  const logits = add(call.builder.freeName(`${call.name}/linear`), 'linear');
  return addSoftmax(call, { node: logits, view: 'plain' });
}

/** Adds a softmax over the last axis of a vector. */
export function addSoftmax(call: LayerCall, { node, view }: Value): string {
  const shape = call.builder.shape(node);
  if (shape.length !== 1 || view === 'channelsFirst')
    refuse(`softmax of an image [${shape}]; supported is that of a vector`);
  return call.builder.add({ kind: 'softmax', name: call.name, inputs: [node] });
}

/**
 * `Activation`, `ReLU` and `Softmax` layers keep the view of what they read: they look at single entries or at vectors.
 */
export function readActivation(call: LayerCall, value: Value): Value {
  const activation = (call.config.activation ?? 'linear') as KnownActivation;
  if (activation === 'linear') return value;
  if (activation === 'softmax') return { ...value, node: addSoftmax(call, value) };
  const node = call.builder.add({ kind: 'activation', name: call.name, inputs: [value.node], activation });
  return { ...value, node };
}
