import * as tfc from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { channelsFirst, image, keras, type LayerRefusal, type LayerRow, row, tfjs, vector } from './layer-case.js';

const input = { batch_input_shape: [null, 4, 4, 2] };
const sequence = { batch_input_shape: [null, 6, 2] };
const window = { filters: 2, kernel_size: 2 };
const first: LayerRefusal = [channelsFirst[0], { ...channelsFirst[1], ...window }, channelsFirst[2]];
const pixel =
  (length: number): ((sizes: { channels: number }) => number[]) =>
  () => [length];

/** Convolutions and dense layers. */
export const convolutionRows: readonly LayerRow[] = [
  {
    layer: 'Conv2D',
    cases: [
      tfjs('kernel_size, strides, padding', image, ({ padding }) =>
        layers.conv2d({ filters: 4, kernelSize: [3, 2], strides: [2, 3], padding }),
      ),
      tfjs('dilation_rate', image, ({ padding }) =>
        layers.conv2d({ filters: 3, kernelSize: 2, dilationRate: [2, 3], padding }),
      ),
      tfjs('use_bias', image, () => layers.conv2d({ filters: 3, kernelSize: 1, useBias: false })),
      tfjs('any activation', image, ({ padding }) =>
        layers.conv2d({ filters: 5, kernelSize: 3, padding, activation: 'swish' }),
      ),
      tfjs('softmax', image, () => layers.conv2d({ filters: 5, kernelSize: 1, activation: 'softmax' })),
      keras('groups', image, ({ channels }) => ({
        config: { filters: 2 * channels, kernel_size: [2, 2], groups: channels, use_bias: false },
        weights: { kernel: [2, 2, 1, 2 * channels] },
        expected: ([x], { kernel }) =>
          tfc.depthwiseConv2d(x as tfc.Tensor4D, tfc.reshape(kernel!, [2, 2, channels, 2]), 1, 'valid'),
      })),
    ],
    refusals: [first, ['causal padding', { ...input, ...window, padding: 'causal' }, /padding "causal"/]],
  },
  {
    layer: 'DepthwiseConv2D',
    cases: [
      tfjs('kernel_size, strides, padding', image, ({ padding }) =>
        layers.depthwiseConv2d({ kernelSize: [3, 2], strides: [2, 2], padding }),
      ),
      tfjs('depth_multiplier', image, ({ padding }) =>
        layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 3, padding, activation: 'relu6' }),
      ),
      tfjs('any activation', image, () =>
        layers.depthwiseConv2d({ kernelSize: 2, useBias: false, activation: 'swish' }),
      ),
    ],
    refusals: [
      [channelsFirst[0], { ...channelsFirst[1], kernel_size: 2 }, channelsFirst[2]],
      ['dilation_rate', { ...input, kernel_size: 1, dilation_rate: [2, 2] }, /TensorFlow.js ignores/],
    ],
  },
  {
    layer: 'SeparableConv2D',
    cases: [
      tfjs('kernel_size, strides, padding, depth_multiplier', image, ({ padding }) =>
        layers.separableConv2d({ filters: 3, kernelSize: 3, strides: 2, depthMultiplier: 2, padding }),
      ),
      tfjs('dilation_rate', image, () => layers.separableConv2d({ filters: 3, kernelSize: 2, dilationRate: 2 })),
      tfjs('any activation', image, () => layers.separableConv2d({ filters: 3, kernelSize: 1, activation: 'tanh' })),
    ],
    refusals: [first],
  },
  {
    layer: 'Conv2DTranspose',
    cases: [
      tfjs('kernel_size, padding', image, ({ padding }) =>
        layers.conv2dTranspose({ filters: 3, kernelSize: [3, 2], padding }),
      ),
      tfjs('strides', image, ({ padding }) =>
        layers.conv2dTranspose({ filters: 3, kernelSize: [3, 4], strides: [2, 3], padding }),
      ),
      tfjs('strides over the kernel', image, ({ padding }) =>
        layers.conv2dTranspose({ filters: 2, kernelSize: [1, 2], strides: [2, 3], padding }),
      ),
      tfjs('any activation', image, ({ padding }) =>
        layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 2, padding, useBias: false, activation: 'elu' }),
      ),
    ],
    refusals: [
      first,
      ['dilation_rate', { ...input, ...window, dilation_rate: [2, 2] }, /dilation_rate/],
      ['output_padding', { ...input, ...window, output_padding: [1, 1] }, /output_padding/],
    ],
  },
  {
    layer: 'Conv1D',
    cases: [
      tfjs('kernel_size, strides, padding', row, ({ padding }) =>
        layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, padding }),
      ),
      tfjs('dilation_rate', row, () => layers.conv1d({ filters: 3, kernelSize: 2, dilationRate: 3 })),
      tfjs('any activation', row, () =>
        layers.conv1d({ filters: 3, kernelSize: 1, useBias: false, activation: 'sigmoid' }),
      ),
    ],
    refusals: [['causal padding', { ...sequence, ...window, padding: 'causal' }, /padding "causal"/]],
  },
  {
    layer: 'DepthwiseConv1D',
    cases: [
      keras('kernel_size, strides, padding, depth_multiplier', row, ({ channels, padding }) => ({
        config: { kernel_size: 3, strides: 2, depth_multiplier: 2, padding },
        weights: { depthwise_kernel: [3, channels, 2], bias: [2 * channels] },
        expected: ([x], { depthwise_kernel: kernel, bias }) =>
          asRow(tfc.add(tfc.depthwiseConv2d(asImage(x!), asImages(kernel!), 2, padding), bias!)),
      })),
    ],
    refusals: [['causal padding', { ...sequence, kernel_size: 2, padding: 'causal' }, /padding "causal"/]],
  },
  {
    layer: 'SeparableConv1D',
    cases: [
      keras('kernel_size, strides, padding, depth_multiplier', row, ({ channels, padding }) => ({
        config: { filters: 3, kernel_size: 2, depth_multiplier: 2, padding, activation: 'relu' },
        weights: { depthwise_kernel: [2, channels, 2], pointwise_kernel: [1, 2 * channels, 3], bias: [3] },
        expected: ([x], { depthwise_kernel: kernel, pointwise_kernel: pointwise, bias }) => {
          const inner = tfc.depthwiseConv2d(asImage(x!), asImages(kernel!), 1, padding);
          return asRow(tfc.relu(tfc.add(tfc.conv2d(inner, asImages(pointwise!), 1, 'valid'), bias!)));
        },
      })),
    ],
    refusals: [['causal padding', { ...sequence, ...window, padding: 'causal' }, /padding "causal"/]],
  },
  {
    layer: 'Dense',
    cases: [
      tfjs('use_bias', vector, () => layers.dense({ units: 5, useBias: false })),
      tfjs('any activation', vector, () => layers.dense({ units: 21, activation: 'selu' })),
      tfjs('softmax', pixel(7), () => layers.dense({ units: 5, activation: 'softmax' })),
      tfjs('of images', image, () => layers.dense({ units: 4, activation: 'softplus' })),
      tfjs('of sequences', row, () => layers.dense({ units: 4 })),
    ],
    refusals: [],
  },
];

const asImage = (x: tfc.Tensor): tfc.Tensor4D => tfc.expandDims(x, 1);
const asImages = (kernel: tfc.Tensor): tfc.Tensor4D => tfc.expandDims(kernel, 0);
const asRow = (x: tfc.Tensor): tfc.Tensor => tfc.squeeze(x, [1]);
