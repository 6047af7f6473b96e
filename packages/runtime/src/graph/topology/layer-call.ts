import type { StoredTensor } from '@espalier/core';
import type { Shape } from '../graph.js';
import type { GraphBuilder } from '../graph-builder.js';
import { channelsOf } from '../shape-of.js';
import type { Fields } from './fields.js';

/**
 * A value of the model. The node that holds it may have the same entries under another shape: `pixel` is a vector that
 * the model sees as an image of 1x1, `channelsFirst` an image that the model sees as `[channels, height, width]`.
 */
export interface Value {
  readonly node: string;
  readonly view: 'plain' | 'pixel' | 'channelsFirst';
}

/** One call of a layer. */
export interface LayerCall {
  /** Name for the node that gives the result. */
  readonly name: string;
  /** Name of the layer, for messages. */
  readonly layer: string;
  readonly className: string;
  readonly config: Fields;
  readonly inputs: readonly Value[];
  readonly builder: GraphBuilder;
  /** A weight of the layer. */
  weight(name: string): StoredTensor;
}

/** Adds the nodes of one call and returns its value. */
export type LayerReader = (call: LayerCall) => Value;

/** Something about a layer that the runtime cannot do; collected into one error by the caller. */
export class Refusal extends Error {}

export function refuse(reason: string): never {
  throw new Refusal(reason);
}

/** The only input of a layer. */
export function onlyInput(call: LayerCall): Value {
  const [input, ...others] = call.inputs;
  if (input === undefined || others.length > 0) refuse(`it takes ${call.inputs.length} inputs, but one is supported`);
  return input as Value;
}

/** Name of the only input, which must be seen as it is. */
function plainInput(call: LayerCall): string {
  return plain(onlyInput(call));
}

/** Name of a value that must be seen as it is. */
export function plain(value: Value): string {
  if (value.view === 'pixel') refuse('its input is a vector that was reshaped into an image');
  if (value.view === 'channelsFirst') refuse('its input is an image whose axes were permuted');
  return value.node;
}

/** Name and shape of the only input, which must be an image. */
export function imageInput(call: LayerCall): { name: string; shape: readonly [number, number, number] } {
  const name = plainInput(call);
  const shape = call.builder.shape(name);
  if (shape.length !== 3) return refuse(`its input is a vector [${shape}], not an image`);
  return { name, shape };
}

/** Shape under which the model sees a value. */
export function viewedShape(call: LayerCall, value: Value): readonly number[] {
  const shape: Shape = call.builder.shape(value.node);
  if (value.view === 'plain') return shape;
  if (value.view === 'pixel') return [1, 1, ...shape];
  return [channelsOf(shape), ...shape.slice(0, -1)];
}
