import type { StoredTensor, TopologyOrigin } from '@espalier/core';
import type { Shape } from '../graph.js';
import type { GraphBuilder } from '../graph-builder.js';
import { channelsOf } from '../shape-of.js';
import type { Fields } from './fields.js';

/**
 * A value of the model. The node that holds it may have the same entries under another shape: `pixel` is a vector that
 * the model sees as an image of 1x1, `channelsFirst` an image that the model sees as `[channels, height, width]`, `row`
 * an image of one row that the model sees as a sequence `[length, channels]`.
 */
export interface Value {
  readonly node: string;
  readonly view: 'plain' | 'pixel' | 'channelsFirst' | 'row';
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
  /** Who wrote the topology: some options mean different things. */
  readonly origin: TopologyOrigin;
  /** A weight of the layer. */
  weight(name: string): StoredTensor;
  /** True if the layer has a weight of this name. */
  hasWeight(name: string): boolean;
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

/** The value with its last axis where the node has its channels; permuted axes are put in that order. */
export function settled(call: Pick<LayerCall, 'name' | 'builder'>, value: Value): Value {
  if (value.view !== 'channelsFirst') return value;
  const name = call.builder.freeName(`${call.name}/permuted`);
  return {
    node: call.builder.add({ kind: 'permute', name, inputs: [value.node], order: [2, 0, 1] }),
    view: 'plain',
  };
}

/** The only input, with its last axis where the node has its channels. */
export const settledInput = (call: LayerCall): Value => settled(call, onlyInput(call));

/** Name and shape of a value that must be an image, which a vector seen as one pixel becomes. */
export function imageOf(call: LayerCall, value: Value): { name: string; shape: readonly [number, number, number] } {
  const { node, view } = settled(call, value);
  if (view === 'row') return refuse(`its input is a sequence [${viewedShape(call, value)}], not an image`);
  const shape = call.builder.shape(node);
  if (view === 'pixel') {
    const target = [1, 1, channelsOf(shape)] as const;
    const name = call.builder.freeName(`${call.name}/image`);
    return { name: call.builder.add({ kind: 'reshape', name, inputs: [node], target }), shape: target };
  }
  if (shape.length !== 3) return refuse(`its input is a vector [${shape}], not an image`);
  return { name: node, shape };
}

/** Name and shape of the only input, which must be an image. */
export const imageInput = (call: LayerCall): { name: string; shape: readonly [number, number, number] } =>
  imageOf(call, onlyInput(call));

/** Name and shape, as an image of one row, of the only input, which must be a sequence. */
export function rowInput(call: LayerCall): { name: string; shape: readonly [number, number, number] } {
  const value = onlyInput(call);
  const shape = call.builder.shape(value.node);
  if (value.view !== 'row' || shape.length !== 3)
    return refuse(`its input is [${viewedShape(call, value)}], not a sequence [length, channels]`);
  return { name: value.node, shape };
}

/** Shape under which the model sees a value. */
export function viewedShape(call: LayerCall, value: Value): readonly number[] {
  const shape: Shape = call.builder.shape(value.node);
  switch (value.view) {
    case 'plain':
      return shape;
    case 'pixel':
      return [1, 1, ...shape];
    case 'row':
      return shape.slice(1);
    case 'channelsFirst':
      return [channelsOf(shape), ...shape.slice(0, -1)];
  }
}
