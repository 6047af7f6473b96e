import '@tensorflow/tfjs-backend-cpu';
import { toModel } from '@espalier/core/tfjs';
import { readLayersModel } from '@espalier/models/node';
import { graphFromTopology } from '@espalier/runtime';
import { expect, it } from 'vitest';
import {
  checkpointOf,
  failure,
  type Layer,
  layer,
  modelFile,
  outputOf,
  sequential,
  type Weights,
} from './model-files.js';

const kernel: Weights = { 'dense/kernel': [[1, 1], [1]] };
const dense = (config: object = {}): Layer => layer('Dense', { units: 1, use_bias: false, ...config });
const lstm: Weights = {
  'lstm/kernel': [
    [1, 4],
    [1, 1, 1, 1],
  ],
  'lstm/recurrent_kernel': [
    [1, 4],
    [0, 0, 0, 0],
  ],
};
const conv: Weights = { 'conv2d/kernel': [[1, 1, 1, 1], [1]] };
const image = [2, 2, 1];

/** Network, weights, input, what Keras gives. */
const carriedOut: [string, string, Layer, Weights, number[], number[]][] = [
  [
    'LeakyReLU negative_slope',
    '3.11.3',
    sequential([1], layer('LeakyReLU', { negative_slope: 0.1 })),
    {},
    [-2],
    [-0.2],
  ],
  ['LeakyReLU alpha', '2.15.0', sequential([1], layer('LeakyReLU', { alpha: 0.1 })), {}, [-2], [-0.2]],
  [
    'LeakyReLU alpha as an array',
    '2.2.4',
    sequential([1], layer('LeakyReLU', { alpha: { type: 'ndarray', value: 0.1 } })),
    {},
    [-2],
    [-0.2],
  ],
  [
    'ReLU max_value',
    '3.11.3',
    sequential([2], layer('ReLU', { max_value: 1, negative_slope: 0, threshold: 0 })),
    {},
    [-2, 5],
    [0, 1],
  ],
  [
    'batch_shape',
    '3.11.3',
    {
      class_name: 'Sequential',
      config: { name: 'n', layers: [layer('InputLayer', { batch_shape: [null, 1] }), dense()] },
    },
    kernel,
    [3],
    [3],
  ],
  ['silu', '3.11.3', sequential([1], dense({ activation: 'silu' })), kernel, [1], [0.7310586]], // 1 / (1 + e^-1)
  // the normal distribution at 1
  ['gelu', '3.11.3', sequential([1], dense({ activation: 'gelu' })), kernel, [1], [0.8413447]],
  [
    'an activation as an object',
    '3.11.3',
    sequential(
      [1],
      dense({
        activation: { module: 'builtins', class_name: 'function', config: 'relu', registered_name: 'function' },
      }),
    ),
    kernel,
    [-1],
    [0],
  ],
  ['hard_sigmoid of Keras 2', '2.15.0', sequential([1], dense({ activation: 'hard_sigmoid' })), kernel, [1], [0.7]],
  ['Softmax axis as a list', '3.11.3', sequential([2], layer('Softmax', { axis: [-1] })), {}, [0, 0], [0.5, 0.5]],
  [
    'BatchNormalization axis as a list',
    '2.15.0',
    sequential(
      [1],
      layer('BatchNormalization', { axis: [1], scale: false, center: false, epsilon: 0, fused: true, renorm: false }),
    ),
    { 'batchnormalization/moving_mean': [[1], [1]], 'batchnormalization/moving_variance': [[1], [4]] },
    [5],
    [2],
  ],
  [
    'mixed_float16',
    '3.11.3',
    sequential(
      [1],
      dense({
        dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'mixed_float16' }, registered_name: null },
      }),
    ),
    kernel,
    [3],
    [3],
  ],
  [
    'new options at their defaults',
    '3.11.3',
    sequential([1], dense({ lora_rank: null, quantization_config: null, kernel_quantizer: null, autocast: true })),
    kernel,
    [3],
    [3],
  ],
  [
    'a regularizer L2 and a constraint',
    '2.15.0',
    sequential(
      [1],
      dense({
        kernel_regularizer: { class_name: 'L2', config: { l2: 0.1 } },
        kernel_constraint: { class_name: 'MaxNorm', config: { max_value: 0.5, axis: 0 } },
      }),
    ),
    kernel,
    [3],
    [3],
  ],
  [
    'LSTM with implementation, use_cudnn',
    '3.11.3',
    sequential(
      [1, 1],
      layer('LSTM', {
        units: 1,
        activation: 'linear',
        recurrent_activation: 'linear',
        use_bias: false,
        unit_forget_bias: true,
        implementation: 2,
        use_cudnn: 'auto',
        zero_output_for_mask: false,
        seed: null,
      }),
    ),
    lstm,
    [2],
    [8],
  ], // i g o = 2 * 2 * 2
  [
    'UpSampling2D size as a number',
    '3.11.3',
    sequential([1, 1, 1], layer('UpSampling2D', { size: 2, interpolation: 'nearest' })),
    {},
    [3],
    [3, 3, 3, 3],
  ],
  [
    'Reshape and Permute',
    '2.15.0',
    sequential([4], layer('Reshape', { target_shape: [2, -1] }), layer('Permute', { dims: [2, 1] })),
    {},
    [1, 2, 3, 4],
    [1, 3, 2, 4],
  ],
  // x beside x, along the rows.
  [
    'Concatenate axis -2',
    '3.11.3',
    {
      class_name: 'Functional',
      config: {
        name: 'net',
        layers: [
          { ...layer('InputLayer', { batch_shape: [null, 2, 2] }), name: 'x', inbound_nodes: [] },
          {
            ...layer('Concatenate', { axis: -2 }),
            name: 'c',
            inbound_nodes: [
              [
                ['x', 0, 0, {}],
                ['x', 0, 0, {}],
              ],
            ],
          },
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [['c', 0, 0]],
      },
    },
    {},
    [1, 2, 3, 4],
    [1, 2, 3, 4, 1, 2, 3, 4],
  ],
  [
    'Rescaling with a number for each channel',
    '3.11.3',
    sequential([1, 1, 2], layer('Rescaling', { scale: [2, 3], offset: [1, -1] })),
    {},
    [5, 7],
    [11, 20], // 2 * 5 + 1, 3 * 7 - 1
  ],
  [
    'CategoryEncoding',
    '3.11.3',
    sequential([2], layer('CategoryEncoding', { num_tokens: 3, output_mode: 'multi_hot' })),
    {},
    [0, 2],
    [1, 0, 1],
  ],
  [
    'a regularizer and a constraint of the kernel that a SeparableConv2D does not have',
    '2.15.0',
    sequential(
      [1, 1, 1],
      layer('SeparableConv2D', {
        filters: 1,
        kernel_size: 1,
        use_bias: false,
        kernel_regularizer: { class_name: 'L2', config: { l2: 0.1 } },
        kernel_constraint: { class_name: 'MaxNorm', config: { max_value: 1, axis: 0 } },
      }),
    ),
    {
      'separableconv2d/depthwise_kernel': [[1, 1, 1, 1], [2]],
      'separableconv2d/pointwise_kernel': [[1, 1, 1, 1], [3]],
    },
    [5],
    [30],
  ],
  [
    'zero_output_for_mask where no layer makes a mask',
    '3.11.3',
    sequential(
      [1, 1],
      layer('LSTM', {
        units: 1,
        activation: 'linear',
        recurrent_activation: 'linear',
        use_bias: false,
        zero_output_for_mask: true,
      }),
    ),
    lstm,
    [2],
    [8],
  ],
];

it.each(carriedOut)('%s is carried out', async (_, version, model, weights, input, expected) => {
  const read = await readLayersModel(await modelFile(model, weights, version));
  const loaded = await toModel(checkpointOf(model, weights, version));
  for (const made of [read, loaded]) {
    const actual = outputOf(made, input);
    expect(actual).toHaveLength(expected.length);
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
    made.dispose();
  }
});

/** Option that must be named, network, weights. */
const refused: [string, string, Layer, Weights][] = [
  ['negative_slope', '3.11.3', sequential([1], layer('ReLU', { negative_slope: 0.1 })), {}],
  ['threshold', '3.11.3', sequential([1], layer('ReLU', { threshold: 1 })), {}],
  ['alpha', '2.15.0', sequential([1], layer('ELU', { alpha: 0.5 })), {}],
  ['axis', '3.11.3', sequential([2], layer('Softmax', { axis: [1, 2] })), {}],
  ['activation', '3.11.3', sequential([1], dense({ activation: 'hard_sigmoid' })), kernel],
  [
    'groups',
    '2.15.0',
    sequential(image, layer('Conv2D', { filters: 1, kernel_size: 1, use_bias: false, groups: 2 })),
    conv,
  ],
  [
    'padding',
    '2.15.0',
    sequential([4, 1], layer('Conv1D', { filters: 1, kernel_size: 1, use_bias: false, padding: 'causal' })),
    { 'conv1d/kernel': [[1, 1, 1], [1]] },
  ],
  [
    'data_format',
    '2.15.0',
    sequential([4, 1], layer('Conv1D', { filters: 1, kernel_size: 1, use_bias: false, data_format: 'channels_first' })),
    {
      'conv1d/kernel': [
        [1, 4, 1],
        [1, 1, 1, 1],
      ],
    },
  ],
  [
    'dilation_rate',
    '2.15.0',
    sequential(image, layer('DepthwiseConv2D', { kernel_size: 1, use_bias: false, dilation_rate: [2, 2] })),
    { 'depthwiseconv2d/depthwise_kernel': [[1, 1, 1, 1], [1]] },
  ],
  [
    'output_padding',
    '2.15.0',
    sequential(
      image,
      layer('Conv2DTranspose', { filters: 1, kernel_size: 1, use_bias: false, output_padding: [1, 1] }),
    ),
    { 'conv2dtranspose/kernel': [[1, 1, 1, 1], [1]] },
  ],
  ['keepdims', '3.11.3', sequential(image, layer('GlobalAveragePooling2D', { keepdims: true })), {}],
  [
    'interpolation',
    '3.11.3',
    sequential(image, layer('UpSampling2D', { size: [2, 2], interpolation: 'bilinear' })),
    {},
  ],
  ['interpolation', '3.11.3', sequential(image, layer('UpSampling2D', { size: [2, 2], interpolation: 'bicubic' })), {}],
  [
    'reset_after',
    '2.15.0',
    sequential([1, 1], layer('GRU', { units: 1, use_bias: false, reset_after: true })),
    {
      'gru/kernel': [
        [1, 3],
        [1, 1, 1],
      ],
      'gru/recurrent_kernel': [
        [1, 3],
        [1, 1, 1],
      ],
    },
  ],
  ['time_major', '2.15.0', sequential([1, 1], layer('LSTM', { units: 1, use_bias: false, time_major: true })), lstm],
  [
    'zero_output_for_mask',
    '3.11.3',
    sequential(
      [1, 1],
      layer('Masking', { mask_value: 0 }),
      layer('LSTM', { units: 1, use_bias: false, zero_output_for_mask: true }),
    ),
    lstm,
  ],
  ['axis', '3.11.3', sequential(image, layer('BatchNormalization', { axis: 1 })), {}],
  ['axis', '2.15.0', sequential(image, layer('BatchNormalization', { axis: [-2] })), {}],
  [
    'axis',
    '3.11.3',
    sequential([2, 2, 1], layer('TimeDistributed', { layer: layer('BatchNormalization', { axis: 1 }) })),
    {},
  ],
  ['axis', '3.11.3', sequential([3, 2], layer('Softmax', { axis: 1 })), {}],
  ['axis', '2.15.0', sequential([3, 2], layer('Softmax', { axis: -2 })), {}],
  ['output_mode', '3.11.3', sequential([3], layer('CategoryEncoding', { num_tokens: 4, output_mode: 'one_hot' })), {}],
  ['scale', '3.11.3', sequential(image, layer('Rescaling', { scale: [1, 2] })), {}],
  ['renorm', '2.15.0', sequential([1], layer('BatchNormalization', { renorm: true })), {}],
  ['synchronized', '3.11.3', sequential([1], layer('BatchNormalization', { synchronized: true })), {}],
  ['rms_scaling', '3.11.3', sequential([2], layer('LayerNormalization', { rms_scaling: true })), {}],
  ['lora_rank', '3.11.3', sequential([1], dense({ lora_rank: 4 })), kernel],
  ['quantization_config', '3.11.3', sequential([1], dense({ quantization_config: { mode: 'int8' } })), kernel],
  [
    'activity_regularizer',
    '2.15.0',
    sequential([1], dense({ activity_regularizer: { class_name: 'L2', config: { l2: 1 } } })),
    kernel,
  ],
  ['temperature', '3.12.0', sequential([1], dense({ temperature: 3 })), kernel],
  [
    '__proto__',
    '3.12.0',
    sequential([1], {
      class_name: 'Dense',
      config: JSON.parse('{"name":"dense","units":1,"use_bias":false,"__proto__":{"activation":"relu"}}') as never,
    }),
    kernel,
  ],
  ['offset', '3.11.3', sequential(image, layer('Rescaling', { scale: 1, offset: [1, 2] })), {}],
  ['height', '3.11.3', sequential(image, layer('Resizing', { height: 4, width: 4 })), {}],
  [
    'backward_layer',
    '2.15.0',
    sequential(
      [1, 1],
      layer('Bidirectional', {
        layer: layer('LSTM', { units: 1 }),
        backward_layer: layer('LSTM', { units: 2, go_backwards: true }),
      }),
    ),
    lstm,
  ],
  ['dtype', '3.11.3', sequential([1], layer('Activation', { activation: 'linear', dtype: 'string' })), {}],
];

// What the readers of files put into layers that TensorFlow.js has; a checkpoint has been through one of them.
const putIntoOthers = /"negative_slope":0.1|"threshold":1|"activation":"hard_sigmoid"/;

it.each(refused)(
  '%s of %s that would be dropped is refused by name, with layer and remedy',
  async (option, version, model, weights) => {
    const path = await modelFile(model, weights, version);
    const fromCheckpoint = () => toModel(checkpointOf(model, weights, version));
    const runs = putIntoOthers.test(JSON.stringify(model))
      ? [fromCheckpoint]
      : [() => readLayersModel(path), fromCheckpoint];
    for (const run of runs) {
      const { error, tensors } = await failure(run);
      expect(error.code, error.message).toMatch(
        /UNSUPPORTED_LAYER_OPTION|MODEL_TOPOLOGY_UNSUPPORTED|CORRUPT_CHECKPOINT/,
      );
      expect(error.message).toContain(option);
      expect(tensors).toBe(0);
    }
  },
);

// What the runtime carries out though TensorFlow.js does not: slopes and thresholds of ReLUs, and Keras's bilinear
// values.
const ownOptions = /"keepdims"|"negative_slope":0.1|"threshold":1|"class_name":"ELU"|"interpolation":"bilinear"/;

it.each(refused.filter(([, , model]) => !ownOptions.test(JSON.stringify(model))))(
  '%s is refused by the runtime too, or the whole layer',
  (_option, version, model, weights) => {
    const { model: topology, weights: map } = checkpointOf(model, weights, version) as { model: never; weights: never };
    expect(() => graphFromTopology(topology, map)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/UNSUPPORTED|INVALID/) as string }),
    );
  },
);
