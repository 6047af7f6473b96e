import '@tensorflow/tfjs-backend-cpu';
import type { Json, StoredTensor } from '@espalier/core';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { predict, randomInput, randomizeWeights, relativeError } from '../../../test/graph/build-model.js';
import { interpret } from '../../../test/graph/interpret.js';
import { fromLayersModel } from '../../tfjs/index.js';
import { checkGraph } from '../check-graph.js';
import type { Graph } from '../graph.js';
import { sizeOf } from '../shape-of.js';
import { graphFromTopology } from './graph-from-topology.js';

async function expectSame(model: tf.LayersModel): Promise<Graph> {
  await tfc.setBackend('cpu');
  randomizeWeights(model, 11);
  const graph = await fromLayersModel(model);
  checkGraph(graph);
  const input = randomInput(sizeOf(graph.input.shape), 2);
  const expected = await predict(model, input);
  model.dispose();
  expect(relativeError(interpret(graph, input), expected)).toBeLessThan(1e-4);
  return graph;
}

const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor =>
  layer.apply(x) as tf.SymbolicTensor;

const backbone = (): tf.Sequential =>
  tf.sequential({
    name: 'backbone',
    layers: [
      tf.layers.conv2d({ name: 'inner_conv', filters: 3, kernelSize: 3, padding: 'same', inputShape: [6, 6, 3] }),
      tf.layers.batchNormalization({ name: 'inner_norm' }),
      tf.layers.reLU({ name: 'relu' }),
    ],
  });

test('a nested model that is called twice shares its weights', async () => {
  const input = tf.input({ shape: [6, 6, 3], name: 'image' });
  const inner = backbone();
  const once = apply(inner, apply(tf.layers.reLU({ name: 'relu' }), input));
  const twice = apply(inner, once);
  const sum = apply(tf.layers.add({ name: 'sum' }), [once, twice]);
  const graph = await expectSame(tf.model({ inputs: input, outputs: sum }));
  const kernels = graph.nodes.flatMap(node => (node.kind === 'convolution' ? [node.kernel] : []));
  expect(kernels).toHaveLength(2);
  expect(kernels[0]).toBe(kernels[1]);
  expect(graph.nodes.map(({ name }) => name)).toContain('relu:1'); // two layers of one name
});

test('a Sequential model may start with a model', async () => {
  const head = tf.sequential({
    layers: [backbone(), tf.layers.flatten(), tf.layers.dense({ name: 'head', units: 2 })],
  });
  expect((await expectSame(head)).output).toBe('head');
});

test('a layer that is called twice shares its weights', async () => {
  const input = tf.input({ shape: [4], name: 'x' });
  const dense = tf.layers.dense({ name: 'dense', units: 4, activation: 'relu' });
  const graph = await expectSame(tf.model({ inputs: input, outputs: apply(dense, apply(dense, input)) }));
  expect(graph.nodes.map(({ name }) => name)).toEqual(['dense', 'dense:1']);
});

test('the head of MobileNet, a convolution of a reshaped vector, becomes a dense node', async () => {
  const head = tf.sequential({
    layers: [
      tf.layers.globalAveragePooling2d({ name: 'gap', inputShape: [3, 3, 4] }),
      tf.layers.reshape({ name: 'reshape_1', targetShape: [1, 1, 4] }),
      tf.layers.dropout({ name: 'dropout', rate: 0.1 }),
      tf.layers.conv2d({ name: 'conv_preds', filters: 5, kernelSize: 1, padding: 'same' }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.conv2d({
        name: 'wide',
        filters: 3,
        kernelSize: [3, 2],
        padding: 'same',
        dilationRate: [2, 1],
        activation: 'relu',
      }),
      tf.layers.reshape({ name: 'reshape_2', targetShape: [-1] }),
      tf.layers.activation({ name: 'act_softmax', activation: 'softmax' }),
    ],
  });
  const graph = await expectSame(head);
  expect(graph.nodes.map(({ kind }) => kind)).toEqual(['globalPool', 'dense', 'normalization', 'dense', 'softmax']);
});

test('a dense layer of an image is a convolution of 1x1', async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ name: 'mix', units: 3, activation: 'relu', inputShape: [4, 5, 2] })],
  });
  const graph = await expectSame(model);
  expect(graph.nodes).toMatchObject([{ kind: 'convolution', kernelShape: [1, 1, 2, 3], shape: [4, 5, 3] }]);
});

test('softmax on a dense layer is a node behind the logits', async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ name: 'out', units: 3, activation: 'softmax', inputShape: [4] })],
  });
  const graph = await expectSame(model);
  expect(graph.nodes.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['out/linear dense', 'out softmax']);
});

const dense = {
  class_name: 'Dense',
  config: { name: 'head', units: 1, use_bias: false, batch_input_shape: [null, 2] },
};
const weights = new Map<string, StoredTensor>([['head/kernel', { shape: [2, 1], values: Float32Array.of(2, 3) }]]);

test.each<[string, Json]>([
  ['toJSON', { class_name: 'Sequential', config: { name: 'net', layers: [dense] } }],
  ['a list of layers', { class_name: 'Sequential', config: [dense] }],
  ['model.json', { modelTopology: { class_name: 'Sequential', config: [dense] } }],
  ['a converted Keras file', { modelTopology: { model_config: { class_name: 'Sequential', config: [dense] } } }],
  [
    'a functional model of Keras',
    {
      class_name: 'Functional',
      config: {
        name: 'net',
        layers: [
          { name: 'x', class_name: 'InputLayer', config: { batch_input_shape: [null, 2] }, inbound_nodes: [] },
          { ...dense, name: 'head', inbound_nodes: [[['x', 0, 0, {}]]] },
        ],
        input_layers: ['x', 0, 0],
        output_layers: ['head', 0, 0],
      },
    },
  ],
  [
    'a functional model of Keras 3',
    {
      class_name: 'Functional',
      config: {
        name: 'net',
        layers: [
          { name: 'x', class_name: 'InputLayer', config: { name: 'x', batch_shape: [null, 2] }, inbound_nodes: [] },
          {
            name: 'head',
            class_name: 'Dense',
            config: { name: 'head', units: 1, use_bias: false },
            inbound_nodes: [
              { args: [{ class_name: '__keras_tensor__', config: { keras_history: ['x', 0, 0] } }], kwargs: {} },
            ],
          },
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [['head', 0, 0]],
      },
    },
  ],
])('the topology may come as %s', (_, topology) => {
  const graph = graphFromTopology(topology, weights);
  expect([...interpret(graph, Float32Array.of(10, 100))]).toEqual([320]); // 2 * 10 + 3 * 100
});

test('weights are found below the names of enclosing models, if only one fits', () => {
  const topology: Json = { class_name: 'Sequential', config: [dense] };
  const [kernel] = weights.values();
  expect(graphFromTopology(topology, new Map([['outer/head/kernel', kernel!]])).nodes).toHaveLength(1);
  const two = new Map([
    ['a/head/kernel', kernel!],
    ['b/head/kernel', kernel!],
  ]);
  expect(() => graphFromTopology(topology, two)).toThrow(/Several weights end in "head\/kernel"/);
});

test('grouped convolutions of Keras are read', () => {
  // Two groups of one channel: out0 = 2 * a, out1 = 3 * b.
  const conv = {
    name: 'c',
    filters: 2,
    kernel_size: 1,
    groups: 2,
    use_bias: false,
    batch_input_shape: [null, 1, 1, 2],
  };
  const kernel = { shape: [1, 1, 1, 2], values: Float32Array.of(2, 3) };
  const graph = graphFromTopology(
    { class_name: 'Sequential', config: [{ class_name: 'Conv2D', config: conv }] },
    new Map([['c/kernel', kernel]]),
  );
  expect([...interpret(graph, Float32Array.of(10, 100))]).toEqual([20, 300]);
});
