import '@tensorflow/tfjs-backend-cpu';
import type { Json, StoredTensor } from '@espalier/core';
import { EspalierError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildModel } from '../../../test/graph/build-model.js';
import { changed, changes } from '../../../test/graph/mutate-json.js';
import { modelRecipe } from '../../../test/graph/random-models.js';
import { InvalidTopologyError, UnsupportedLayersError } from '../../errors.js';
import { fromLayersModel } from '../../tfjs/index.js';
import { checkGraph } from '../check-graph.js';
import { graphFromTopology } from './graph-from-topology.js';

const jsonOf = (model: tf.LayersModel): Json => JSON.parse(JSON.stringify(model.toJSON(null, false))) as Json;
const none: ReadonlyMap<string, StoredTensor> = new Map();

const sequential = (...layers: object[]): Json =>
  ({ class_name: 'Sequential', config: { name: 'net', layers } }) as Json;
const layer = (class_name: string, config: object = {}): object => ({
  class_name,
  config: { name: class_name.toLowerCase(), batch_input_shape: [null, 4, 4, 2], ...config },
});

test('all layers that cannot be run are named in one error, those behind others too', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.layerNormalization({ name: 'norm', inputShape: [4, 4, 2] }),
      tf.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 1, activation: 'logSoftmax' as 'softmax' }),
      tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
      tf.layers.reshape({ name: 'sequence', targetShape: [4, 2] }),
      tf.layers.gru({ name: 'recurrent', units: 2, recurrentInitializer: 'glorotUniform' }),
    ],
  });
  const error = await fromLayersModel(model).catch((reason: unknown) => reason);
  model.dispose();
  expect(error).toBeInstanceOf(UnsupportedLayersError);
  const { code, layers, message } = error as UnsupportedLayersError;
  expect(code).toBe('UNSUPPORTED_LAYERS');
  expect(layers.map(({ name, className }) => `${name} ${className}`)).toEqual([
    'norm LayerNormalization',
    'conv Conv2D',
    'recurrent GRU',
  ]);
  expect(message).toMatch(/conv \(Conv2D\): activation "log_softmax"; supported are linear, relu, relu6, sigmoid/);
});

test('a convolution of a reshaped vector is refused if its kernel takes other channels', () => {
  const vector = { batch_input_shape: [null, 2] };
  const net = sequential(
    layer('Reshape', { ...vector, target_shape: [1, 1, 2] }),
    layer('Conv2D', { filters: 3, kernel_size: [1, 1], use_bias: false }),
  );
  const kernel = (inputs: number): Map<string, StoredTensor> =>
    new Map([['conv2d/kernel', { shape: [1, 1, inputs, 3], values: new Float32Array(3 * inputs) }]]);
  expect(graphFromTopology(net, kernel(2)).nodes).toMatchObject([{ kind: 'dense', shape: [3] }]);
  expect(() => graphFromTopology(net, kernel(4))).toThrow(InvalidTopologyError);
});

test.each([
  [layer('MaxPooling2D', { data_format: 'channels_first' }), /channels_first/],
  [layer('MaxPooling2D', { padding: 'causal' }), /padding "causal"/],
  [layer('Reshape', { target_shape: [2, 2, 4, 2] }), /reshape from \[4, ?4, ?2\] to \[2, ?2, ?4, ?2\]/],
  [layer('Conv1D', { filters: 2, kernel_size: 1 }), /its input is \[4,4,2\], not a sequence/],
  [layer('RepeatVector', { n: 2 }), /its input is \[4,4,2\], not a vector/],
  [layer('Lambda'), /no layer of this class/],
  [
    layer('SeparableConv2D', { filters: 2, kernel_size: 1, activity_regularizer: 'l2' }),
    /separableconv2d \(SeparableConv2D\): activity_regularizer "l2"/,
  ],
])('a layer is refused for what it cannot do: %o', (value, reason) => {
  expect(() => graphFromTopology(sequential(value), none)).toThrow(UnsupportedLayersError);
  expect(() => graphFromTopology(sequential(value), none)).toThrow(reason);
});

test('a depthwise layer with dilation is refused, because TensorFlow.js would ignore the dilation', () => {
  const value = layer('DepthwiseConv2D', { kernel_size: 1, dilation_rate: [2, 2] });
  expect(() => graphFromTopology(sequential(value), none)).toThrow(/TensorFlow.js ignores/);
});

test.each<[string, Json, RegExp]>([
  ['null', null, /topology is not an object/],
  ['a layer', layer('Conv2D') as Json, /"Conv2D", not Sequential/],
  ['no layers', sequential(), /has no layers/],
  ['an unknown size', sequential(layer('ReLU', { batch_input_shape: [null, null, 4, 2] })), /\[unknown, 4, 2\]/],
  ['four axes', sequential(layer('ReLU', { batch_input_shape: [null, 2, 28, 28, 3] })), /\[2, 28, 28, 3\]/],
  [
    'dims that are no order',
    sequential(layer('Permute', { dims: [1, 1, 3] })),
    /dims of layer "permute" are \[1,1,3\]/,
  ],
  ['a max_value under 0', sequential(layer('ReLU', { max_value: -1 })), /max_value of layer "relu" is -1/],
  [
    'a slope that is a word',
    sequential(layer('ReLU', { negative_slope: 'x' })),
    /negative_slope of layer "relu" is "x"/,
  ],
  ['a missing weight', sequential(layer('Dense', { units: 2 })), /no weight "dense\/kernel"/],
  ['no units', sequential(layer('Dense')), /"dense" \(Dense\) has no units/],
  ['no filters', sequential(layer('Conv2D', { kernel_size: 1 })), /"conv2d" \(Conv2D\) has no filters/],
  ['no kernel_size', sequential(layer('DepthwiseConv2D')), /"depthwiseconv2d" \(DepthwiseConv2D\) has no kernel_size/],
  [
    'strides of zero',
    sequential(layer('MaxPooling2D', { strides: [0, 1] })),
    /strides of layer "maxpooling2d" is \[0,1\]/,
  ],
])('a topology with %s is refused', (_, topology, reason) => {
  expect(() => graphFromTopology(topology, none)).toThrow(InvalidTopologyError);
  expect(() => graphFromTopology(topology, none)).toThrow(reason);
});

test('a functional model that reads itself is refused', () => {
  const inputLayer = {
    name: 'in',
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, 2] },
    inbound_nodes: [],
  };
  const add = (name: string, other: string): object => ({
    name,
    class_name: 'Add',
    config: { name },
    inbound_nodes: [
      [
        ['in', 0, 0, {}],
        [other, 0, 0, {}],
      ],
    ],
  });
  const config = {
    layers: [inputLayer, add('x', 'y'), add('y', 'x')],
    input_layers: [['in', 0, 0]],
    output_layers: [['y', 0, 0]],
  };
  const topology = { class_name: 'Model', config: { name: 'loop', ...config } } as Json;
  expect(() => graphFromTopology(topology, none)).toThrow(/reads its own output/);
});

test('a topology nested without end is refused', () => {
  const cycle: Record<string, unknown> = { class_name: 'Sequential' };
  cycle.config = { name: 'net', layers: [cycle] };
  expect(() => graphFromTopology(cycle as Json, none)).toThrow(/nested deeper/);
});

test('a changed topology gives a valid graph or a coded error, never a crash', () => {
  const codes = new Set<string>();
  fc.assert(
    fc.property(modelRecipe, fc.array(changes, { minLength: 10, maxLength: 10 }), (recipe, lists) => {
      const model = buildModel(recipe);
      const topology = jsonOf(model);
      const weights = new Map<string, StoredTensor>();
      for (const { originalName, shape } of model.weights) {
        const size = (shape as number[]).reduce((product, length) => product * length, 1);
        weights.set(originalName, { shape: shape as number[], values: new Float32Array(size) });
      }
      model.dispose();
      for (const list of lists) {
        try {
          checkGraph(graphFromTopology(changed(topology, list) as Json, weights));
        } catch (error) {
          if (EspalierError.isInstance(error)) codes.add(error.code);
          else throw error;
        }
      }
    }),
    { numRuns: 150 },
  );
  codes.delete('INVALID_GRAPH'); // sizes that contradict each other; most are found before there is a graph
  expect([...codes].sort()).toEqual(['INVALID_TOPOLOGY', 'UNSUPPORTED_LAYERS']);
}, 60_000);
