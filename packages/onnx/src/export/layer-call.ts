import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import type { GraphWriter } from './graph-writer.js';
import type { Value } from './value.js';

/** A weight on the host. */
export interface Weight {
  /** What stands for it wherever it is used: the variable. */
  readonly key: object;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A variable of a layer. */
export type Variable = LayersModel['weights'][number];

/** Says that a layer cannot be written, and why. */
export class Refusal extends Error {}

export function refuse(reason: string): never {
  throw new Refusal(reason);
}

/** One call of a layer that is to be written. */
export interface LayerCall {
  readonly layer: layers.Layer;
  /** Name of the node that gives the result. */
  readonly name: string;
  /** Options as `getConfig` gives them, in camel case. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly Value[];
  /** The first input. */
  readonly input: Value;
  /** Shape of the result without the batch, channels last. */
  readonly shape: readonly number[];
  readonly graph: GraphWriter;
  /** A weight of the layer by the end of its name. */
  weight(name: string): Weight;
}

/** Writes a layer's call; gives its result. */
export type LayerWriter = (call: LayerCall) => Value;

/** A number, or one for each axis, for so many axes. */
export function perAxis(value: unknown, axes: number): number[] {
  const list = Array.isArray(value) ? (value as number[]) : Array.from({ length: axes }, () => value as number);
  return list.length === axes ? list : refuse(`${list.length} numbers for ${axes} axes`);
}

/** Refuses images whose channels come first in TensorFlow.js. */
export function requireChannelsLast({ dataFormat }: LayerCall['config']): void {
  if (dataFormat !== undefined && dataFormat !== null && dataFormat !== 'channelsLast')
    refuse('its images have the channels first; write it with channels last');
}
