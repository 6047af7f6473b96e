import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

/** Sizes that a property draws: 5 to 9 rows and columns, 1 to 5 channels, and a padding. */
export interface Sizes {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly padding: 'same' | 'valid';
}

/** Shape of an input without the batch, from the sizes. */
export type ShapeOf = (sizes: Sizes) => number[];

export const image: ShapeOf = ({ height, width, channels }) => [height, width, channels];
export const row: ShapeOf = ({ width, channels }) => [width, channels];
export const vector: ShapeOf = ({ channels }) => [channels];

/** One option of a layer, and the oracle that it is held against. */
export interface LayerCase {
  /** What the table in the README says. */
  readonly option: string;
  readonly shapes: readonly ShapeOf[];
  /** The layer in TensorFlow.js, which then is the oracle. */
  readonly layer?: (sizes: Sizes) => layers.Layer;
  /** For what TensorFlow.js does not have: the configuration as Keras writes it, and its definition. */
  readonly keras?: (sizes: Sizes) => KerasCase;
}

/** A layer of Keras with weights and its definition in operations of TensorFlow.js. */
export interface KerasCase {
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  readonly expected: (inputs: readonly Tensor[], weights: Readonly<Record<string, Tensor>>) => Tensor;
}

/** What a layer is refused for: what the table says, a configuration with a batch_input_shape, and the message. */
export type LayerRefusal = readonly [option: string, config: Readonly<Record<string, unknown>>, reason: RegExp];

/** One row of the table in the README. */
export interface LayerRow {
  readonly layer: string;
  readonly cases: readonly LayerCase[];
  readonly refusals: readonly LayerRefusal[];
}

/** A case whose oracle is TensorFlow.js. */
export const tfjs = (option: string, shapes: ShapeOf | readonly ShapeOf[], layer: LayerCase['layer']): LayerCase =>
  ({
    option,
    shapes: Array.isArray(shapes) ? (shapes as readonly ShapeOf[]) : [shapes as ShapeOf],
    layer,
  }) as LayerCase;

/** A case whose oracle is its definition. */
export const keras = (option: string, shapes: ShapeOf | readonly ShapeOf[], made: LayerCase['keras']): LayerCase =>
  ({
    option,
    shapes: Array.isArray(shapes) ? (shapes as readonly ShapeOf[]) : [shapes as ShapeOf],
    keras: made,
  }) as LayerCase;

/** The data format that all layers on images refuse. */
export const channelsFirst: LayerRefusal = [
  'channels_first',
  { data_format: 'channels_first', batch_input_shape: [null, 4, 4, 2] },
  /channels_first/,
];
