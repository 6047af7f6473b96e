import * as tfc from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { image, keras, type LayerRow, row, type ShapeOf, tfjs, vector } from './layer-case.js';

const channels: ShapeOf = sizes => [1, 1, sizes.channels];
const pixels: ShapeOf = ({ height, width }) => [height, width, 1];
const columns: ShapeOf = sizes => [1, sizes.width, sizes.channels];
const lines: ShapeOf = sizes => [sizes.height, 1, sizes.channels];
const one: ShapeOf = () => [1, 1, 1];

const wide = { batch_input_shape: [null, 4, 4, 2] };

type Make = (args: object) => layers.Layer;

/** What a layer that joins values by entry can join. */
const joins = (make: Make): LayerRow['cases'] => [
  tfjs('images', [image, image], () => make({})),
  tfjs('three values', [image, image, image], () => make({})),
  tfjs('vectors', [vector, vector], () => make({})),
  tfjs('sequences', [row, row], () => make({})),
  tfjs('one value for each channel', [image, channels], () => make({})),
  tfjs('each pixel', [pixels, image], () => make({})),
  tfjs('each row', [image, lines], () => make({})),
  tfjs('each column', [columns, image], () => make({})),
  tfjs('all', [image, one], () => make({})),
];

/** Layers that join values. */
export const mergeRows: readonly LayerRow[] = [
  { layer: 'Add', cases: joins(args => layers.add(args)), refusals: [] },
  { layer: 'Multiply', cases: joins(args => layers.multiply(args)), refusals: [] },
  { layer: 'Maximum', cases: joins(args => layers.maximum(args)), refusals: [] },
  { layer: 'Minimum', cases: joins(args => layers.minimum(args)), refusals: [] },
  { layer: 'Average', cases: joins(args => layers.average(args)), refusals: [] },
  {
    layer: 'Subtract',
    cases: [
      keras('images', [image, image], () => difference),
      keras('one value for each channel', [channels, image], () => difference),
      keras('vectors', [vector, vector], () => difference),
    ],
    refusals: [],
  },
  {
    layer: 'Dot',
    cases: [tfjs('two vectors', [vector, vector], () => layers.dot({ axes: -1 }))],
    refusals: [],
  },
  {
    layer: 'Concatenate',
    cases: [
      tfjs('the last axis of images', [image, pixels, image], () => layers.concatenate({ axis: -1 })),
      tfjs('of vectors', [vector, vector], () => layers.concatenate({})),
      tfjs('of sequences', [row, row], () => layers.concatenate({ axis: 2 })),
    ],
    refusals: [['another axis', { ...wide, axis: 1 }, /axis 1; supported is the last one/]],
  },
];

const difference = {
  config: {},
  expected: ([x, y]: readonly tfc.Tensor[]): tfc.Tensor => tfc.sub(x!, y!),
};
