import * as tfc from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { image, keras, type LayerRow, row, tfjs, vector } from './layer-case.js';

const input = { batch_input_shape: [null, 4, 4, 2] };

/** Activations that TensorFlow.js has, by the name that the table has for them. */
const named: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...['linear', 'relu', 'relu6', 'sigmoid', 'tanh', 'selu', 'softplus', 'softsign', 'swish', 'gelu', 'mish', 'elu'],
      ...['gelu_new', 'softmax'],
    ].map(name => [name, name]),
  ),
  hard_sigmoid: 'hardSigmoid',
};

/** Activations that Keras alone has. */
const definitions: Readonly<Record<string, (x: tfc.Tensor) => tfc.Tensor>> = {
  silu: x => tfc.mul(x, tfc.sigmoid(x)),
  hard_silu: x => tfc.mul(x, tfc.div(tfc.relu6(tfc.add(x, 3)), 6)),
  hard_swish: x => tfc.mul(x, tfc.div(tfc.relu6(tfc.add(x, 3)), 6)),
  leaky_relu: x => tfc.leakyRelu(x, 0.2),
  exponential: x => tfc.exp(x),
};

/** Activations and normalization. */
export const activationRows: readonly LayerRow[] = [
  {
    layer: 'Activation',
    cases: [
      ...Object.entries(named).map(([option, activation]) =>
        tfjs(option, image, () => layers.activation({ activation: activation as 'relu' })),
      ),
      ...Object.entries(definitions).map(([option, expected]) =>
        keras(option, row, () => ({ config: { activation: option }, expected: ([x]) => expected(x!) })),
      ),
    ],
    refusals: [
      ['log_softmax', { ...input, activation: 'log_softmax' }, /activation "log_softmax"; supported are linear, relu/],
      [
        'those with options',
        { ...input, activation: { class_name: 'Own', config: { a: 1 } } },
        /activation {"class_name":"Own"/,
      ],
    ],
  },
  {
    layer: 'ReLU',
    cases: [
      tfjs('max_value', image, () => layers.reLU({ maxValue: 0.7 })),
      tfjs('max_value 6', vector, () => layers.reLU({ maxValue: 6 })),
      keras('negative_slope', vector, () => ({
        config: { negative_slope: 0.25 },
        expected: ([x]) => tfc.leakyRelu(x!, 0.25),
      })),
      // Keras: x over the threshold, at most max_value; below, slope (x - threshold).
      keras('threshold', image, () => ({
        config: { threshold: 0.3, negative_slope: 0.5, max_value: 1.1 },
        expected: ([x]) => tfc.where(tfc.greater(x!, 0.3), tfc.minimum(x!, 1.1), tfc.mul(tfc.sub(x!, 0.3), 0.5)),
      })),
    ],
    refusals: [],
  },
  { layer: 'LeakyReLU', cases: [tfjs('alpha', image, () => layers.leakyReLU({ alpha: 0.1 }))], refusals: [] },
  {
    layer: 'PReLU',
    cases: [
      tfjs('alpha for each entry', image, () => layers.prelu({})),
      tfjs('shared_axes', image, () => layers.prelu({ sharedAxes: [1, 2] })),
      tfjs('shared_axes of some', image, () => layers.prelu({ sharedAxes: [2] })),
      tfjs('of vectors', vector, () => layers.prelu({})),
      tfjs('of sequences', row, () => layers.prelu({ sharedAxes: [1] })),
    ],
    refusals: [],
  },
  {
    layer: 'ELU',
    cases: [
      tfjs('', image, () => layers.elu({})),
      keras('alpha', image, () => ({
        config: { alpha: 0.4 },
        expected: ([x]) => tfc.where(tfc.greater(x!, 0), x!, tfc.mul(tfc.expm1(x!), 0.4)),
      })),
    ],
    refusals: [],
  },
  {
    layer: 'ThresholdedReLU',
    cases: [tfjs('theta', image, () => layers.thresholdedReLU({ theta: 0.4 }))],
    refusals: [],
  },
  {
    layer: 'Softmax',
    cases: [
      tfjs('of vectors', vector, () => layers.softmax({})),
      tfjs('the last axis of images', image, () => layers.softmax({ axis: -1 })),
      tfjs('the last axis of sequences', row, () => layers.softmax({ axis: 2 })),
    ],
    refusals: [['another axis', { ...input, axis: 1 }, /axis 1; supported is the last one/]],
  },
  {
    layer: 'BatchNormalization',
    cases: [
      tfjs('epsilon, scale, center', image, () => layers.batchNormalization({ epsilon: 0.01 })),
      tfjs('without scale', vector, () => layers.batchNormalization({ scale: false })),
      tfjs('without center', row, () => layers.batchNormalization({ center: false })),
    ],
    refusals: [['another axis', { ...input, axis: 1 }, /axis 1; supported is the last one/]],
  },
  {
    layer: 'Rescaling',
    cases: [
      tfjs('scale, offset', image, () => layers.rescaling({ scale: 1 / 127.5, offset: -1 }) as layers.Layer),
      keras('lists of them', image, ({ channels }) => ({
        config: { scale: Array.from({ length: channels }, (_, c) => c + 0.5), offset: 0.25 },
        expected: ([x]) => tfc.add(tfc.mul(x!, tfc.range(0.5, channels + 0.5)), 0.25),
      })),
    ],
    refusals: [],
  },
  {
    layer: 'Normalization',
    cases: [
      keras('mean, variance', image, ({ channels }) => ({
        config: { axis: [-1], mean: Array.from({ length: channels }, (_, c) => c - 1), variance: [4] },
        expected: ([x]) => tfc.div(tfc.sub(x!, tfc.range(-1, channels - 1)), 2),
      })),
      keras('adapted weights', vector, ({ channels }) => ({
        config: { axis: -1 },
        weights: { mean: [channels], variance: [channels], count: [] },
        expected: ([x], { mean, variance }) => tfc.div(tfc.sub(x!, mean!), tfc.sqrt(variance!)),
      })),
      keras('invert', image, () => ({
        config: { axis: null, mean: 2, variance: 9, invert: true },
        expected: ([x]) => tfc.add(tfc.mul(x!, 3), 2),
      })),
    ],
    refusals: [['another axis', { ...input, axis: 1, mean: 0, variance: 1 }, /axis 1; supported/]],
  },
];
