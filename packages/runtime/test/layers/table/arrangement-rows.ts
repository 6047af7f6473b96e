import * as tfc from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { channelsFirst, image, keras, type LayerRow, row, tfjs, vector } from './layer-case.js';

const input = { batch_input_shape: [null, 4, 4, 2] };
const sequence = { batch_input_shape: [null, 6, 2] };

const pool = (
  make: (args: { poolSize: [number, number]; strides: [number, number]; padding: 'same' | 'valid' }) => layers.Layer,
): LayerRow['cases'] => [
  tfjs('pool_size, strides, padding', image, ({ padding }) => make({ poolSize: [3, 2], strides: [2, 1], padding })),
];

const rowPool = (
  make: (args: { poolSize: number; strides: number; padding: 'same' | 'valid' }) => layers.Layer,
): LayerRow['cases'] => [
  tfjs('pool_size, strides, padding', row, ({ padding }) => make({ poolSize: 3, strides: 2, padding })),
];

const kept = (axes: number[], mode: 'max' | 'mean'): LayerRow['cases'][number] =>
  keras('keepdims', axes.length === 2 ? image : row, () => ({
    config: { keepdims: true },
    expected: ([x]) => (mode === 'max' ? tfc.max(x!, axes, true) : tfc.mean(x!, axes, true)),
  }));

/** Layers that only act in training. */
const training = [
  ...['Dropout', 'SpatialDropout1D', 'SpatialDropout2D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise'],
  'ActivityRegularization',
].map(
  (layer): LayerRow => ({
    layer,
    cases: [
      keras('gives what it reads', layer.endsWith('1D') ? row : image, () => ({
        config: {},
        expected: ([x]) => x!.clone(),
      })),
    ],
    refusals: [],
  }),
);

const pairs = { top: 1, bottom: 2, left: 0, right: 3 };
const sides: [[number, number], [number, number]] = [
  [pairs.top, pairs.bottom],
  [pairs.left, pairs.right],
];

/** Pools and layers that move entries. */
export const arrangementRows: readonly LayerRow[] = [
  { layer: 'MaxPooling2D', cases: pool(args => layers.maxPooling2d(args)), refusals: [channelsFirst] },
  { layer: 'AveragePooling2D', cases: pool(args => layers.averagePooling2d(args)), refusals: [channelsFirst] },
  { layer: 'MaxPooling1D', cases: rowPool(args => layers.maxPooling1d(args)), refusals: [] },
  { layer: 'AveragePooling1D', cases: rowPool(args => layers.averagePooling1d(args)), refusals: [] },
  {
    layer: 'GlobalMaxPooling2D',
    cases: [tfjs('', image, () => layers.globalMaxPooling2d({})), kept([1, 2], 'max')],
    refusals: [channelsFirst],
  },
  {
    layer: 'GlobalAveragePooling2D',
    cases: [tfjs('', image, () => layers.globalAveragePooling2d({})), kept([1, 2], 'mean')],
    refusals: [channelsFirst],
  },
  {
    layer: 'GlobalMaxPooling1D',
    cases: [tfjs('', row, () => layers.globalMaxPooling1d({})), kept([1], 'max')],
    refusals: [],
  },
  {
    layer: 'GlobalAveragePooling1D',
    cases: [tfjs('', row, () => layers.globalAveragePooling1d({})), kept([1], 'mean')],
    refusals: [],
  },
  {
    layer: 'ZeroPadding2D',
    cases: [
      tfjs('padding of one side each', image, () => layers.zeroPadding2d({ padding: sides })),
      tfjs('of both', image, () => layers.zeroPadding2d({ padding: [2, 1] })),
    ],
    refusals: [channelsFirst],
  },
  {
    layer: 'ZeroPadding1D',
    cases: [
      keras('padding', row, () => ({
        config: { padding: [2, 1] },
        expected: ([x]) =>
          tfc.pad(x!, [
            [0, 0],
            [2, 1],
            [0, 0],
          ]),
      })),
    ],
    refusals: [],
  },
  {
    layer: 'Cropping2D',
    cases: [
      tfjs('cropping of one side each', image, () => layers.cropping2D({ cropping: sides })),
      tfjs('none', image, () =>
        layers.cropping2D({
          cropping: [
            [0, 0],
            [0, 0],
          ],
        }),
      ),
    ],
    refusals: [channelsFirst],
  },
  {
    layer: 'Cropping1D',
    cases: [
      keras('cropping', row, ({ width, channels }) => ({
        config: { cropping: [1, 2] },
        expected: ([x]) => tfc.slice(x!, [0, 1, 0], [-1, width - 3, channels]),
      })),
    ],
    refusals: [],
  },
  {
    layer: 'UpSampling2D',
    cases: [
      tfjs('size, nearest', image, () => layers.upSampling2d({ size: [2, 3] })),
      tfjs("bilinear at TensorFlow.js's places", image, () =>
        layers.upSampling2d({ size: [3, 2], interpolation: 'bilinear' }),
      ),
      keras("bilinear at Keras's", image, ({ height, width }) => ({
        config: { size: [2, 2], interpolation: 'bilinear' },
        expected: ([x]) => tfc.image.resizeBilinear(x as tfc.Tensor4D, [2 * height, 2 * width], false, true),
      })),
    ],
    refusals: [channelsFirst, ['others', { ...input, interpolation: 'bicubic' }, /interpolation "bicubic"/]],
  },
  {
    layer: 'UpSampling1D',
    cases: [
      keras('size', row, ({ width, channels }) => ({
        config: { size: 3 },
        expected: ([x]) => tfc.reshape(tfc.tile(tfc.expandDims(x!, 2), [1, 1, 3, 1]), [-1, 3 * width, channels]),
      })),
    ],
    refusals: [],
  },
  {
    layer: 'Flatten',
    cases: [
      tfjs('of images', image, () => layers.flatten()),
      tfjs('of sequences', row, () => layers.flatten()),
      keras('of vectors', vector, () => ({ config: {}, expected: ([x]) => tfc.clone(x!) })),
    ],
    refusals: [channelsFirst],
  },
  {
    layer: 'Reshape',
    cases: [
      tfjs('to an image', image, ({ height, width, channels }) =>
        layers.reshape({ targetShape: [width, channels, height] }),
      ),
      tfjs('to a sequence', image, ({ channels }) => layers.reshape({ targetShape: [-1, channels] })),
      tfjs('to a vector', row, () => layers.reshape({ targetShape: [-1] })),
      tfjs('of vectors', vector, ({ channels }) => layers.reshape({ targetShape: [1, channels, 1] })),
    ],
    refusals: [
      ['more than three axes', { ...input, target_shape: [2, 2, 4, 2] }, /reshape from \[4,4,2\] to \[2,2,4,2\]/],
    ],
  },
  {
    layer: 'Permute',
    cases: [
      ...[
        [2, 1, 3],
        [3, 1, 2],
        [2, 3, 1],
        [1, 3, 2],
        [3, 2, 1],
        [1, 2, 3],
      ].map(dims => tfjs(dims.join(), image, () => layers.permute({ dims }))),
      tfjs('2,1', row, () => layers.permute({ dims: [2, 1] })),
    ],
    refusals: [],
  },
  { layer: 'RepeatVector', cases: [tfjs('n', vector, () => layers.repeatVector({ n: 3 }))], refusals: [] },
  ...training,
];

/** Layers of other classes, which are refused by that alone. */
export const otherLayers: Readonly<Record<string, object>> = {
  LSTM: { ...sequence, units: 2 },
  GRU: { ...sequence, units: 2 },
  SimpleRNN: { ...sequence, units: 2 },
  Embedding: { batch_input_shape: [null, 3], input_dim: 4, output_dim: 2 },
  LayerNormalization: input,
  Conv3D: { batch_input_shape: [null, 4, 4, 2], filters: 2, kernel_size: 1 },
  EinsumDense: { ...sequence, equation: 'abc,cd->abd', output_shape: [6, 2] },
  MultiHeadAttention: sequence,
  Masking: sequence,
  Lambda: input,
};
