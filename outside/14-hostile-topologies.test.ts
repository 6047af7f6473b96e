import '@tensorflow/tfjs-backend-cpu';
import { decodeCheckpoint, encodeCheckpoint } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { readLayersModel } from '@espalier/models/node';
import { graphFromTopology } from '@espalier/runtime';
import * as tf from '@tensorflow/tfjs-core';
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

const kernel: Weights = {
  'dense/kernel': [
    [2, 2],
    [1, 2, 3, 4],
  ],
};
const dense = (config: object = {}): Layer => layer('Dense', { units: 2, use_bias: false, ...config });
const start = (class_name: string, config: object): object => ({ kernel_initializer: { class_name, config } });

/** Whatever an initializer says, it is not run. */
it.each([
  ['VarianceScaling', { scale: 'b', mode: 'fan_avg', distribution: 'uniform' }],
  ['VarianceScaling', { scale: 'b', mode: 'fan_in', distribution: 'normal' }],
  ['TruncatedNormal', { mean: 0, stddev: 'x' }],
  ['RandomNormal', { mean: 'x', stddev: Number.MAX_VALUE }],
  ['RandomUniform', { minval: {}, maxval: [] }],
  ['Orthogonal', { gain: 'x' }],
  ['Identity', { gain: [] }],
  ['Constant', { value: 'x' }],
])('the initializer %s %j is never run', async (className, config) => {
  const model = sequential([2], dense(start(className, config)));
  for (const made of [
    await toModel(checkpointOf(model, kernel)),
    await readLayersModel(await modelFile(model, kernel)),
  ]) {
    expect(outputOf(made, [1, 1])).toEqual([4, 6]);
    made.dispose();
  }
});

const nested = (depth: number): Layer => {
  let inner: Layer = dense();
  for (let i = 0; i < depth; i++) inner = { class_name: 'Sequential', config: { name: `n${i}`, layers: [inner] } };
  return inner;
};
/** Every network calls the one inside twice. */
const doubling = (depth: number): Layer => {
  let inner: Layer = sequential([2], layer('Activation', { name: 'a', activation: 'relu' }));
  for (let i = 0; i < depth; i++) {
    const input = {
      ...layer('InputLayer', { name: `i${i}`, batch_input_shape: [null, 2] }),
      name: `i${i}`,
      inbound_nodes: [],
    };
    const name = `n${i}`;
    const called = {
      ...inner,
      config: { ...inner.config, name },
      name,
      inbound_nodes: [[[`i${i}`, 0, 0, {}]], [[name, 1, 0, {}]]],
    };
    inner = {
      class_name: 'Model',
      config: { name: 'm', layers: [input, called], input_layers: [[`i${i}`, 0, 0]], output_layers: [[name, 2, 0]] },
    };
  }
  return inner;
};
const image = [4, 4, 1];
const waiting = (name: string): Layer => ({
  class_name: 'Model',
  config: {
    name: 'm',
    layers: [
      { ...layer('InputLayer', { name: 'x', batch_input_shape: [null, 2] }), name: 'x', inbound_nodes: [] },
      { ...dense({ name: 'a' }), name: 'a', inbound_nodes: [[[name, 0, 0, {}]]] },
    ],
    input_layers: [['x', 0, 0]],
    output_layers: [['a', 0, 0]],
  },
});

it.each<[string, Layer]>([
  ['units that no weight has', sequential([2], dense({ units: 400_000 }))],
  ['2 billion units', sequential([2], dense({ units: 2 ** 31 - 1 }))],
  ['units of no number', sequential([2], dense({ units: 1e300 }))],
  ['an input of a billion numbers', sequential([1e9], dense())],
  ['an input of no numbers', sequential([-1], dense())],
  ['a batch of a billion', sequential([2], { ...dense(), config: { ...dense().config, batch_input_shape: [1e9, 2] } })],
  ['an input of things', sequential([{ toString: 1, valueOf: 1 } as never], dense())],
  [
    'a stateful layer for a billion examples',
    sequential([2], layer('LSTM', { units: 1, stateful: true, batch_input_shape: [1e9, 1, 2] })),
  ],
  ['an embedding of a billion words', sequential([2], layer('Embedding', { input_dim: 1e9, output_dim: 1000 }))],
  ['a repetition of a billion', sequential([2], layer('RepeatVector', { n: 1e9 }))],
  ['a border of a billion', sequential(image, layer('ZeroPadding2D', { padding: 1e9 }))],
  ['an image of a billion rows', sequential(image, layer('UpSampling2D', { size: [1e9, 1] }))],
  [
    'images that grow and grow',
    sequential(image, ...Array.from({ length: 30 }, (_, i) => layer('UpSampling2D', { name: `u${i}`, size: [2, 2] }))),
  ],
  ['a billion tokens', sequential([2], layer('CategoryEncoding', { num_tokens: 1e9 }))],
  ['strides of zero', sequential(image, layer('Conv2D', { filters: 1, kernel_size: 1, strides: 0 }))],
  ['a rate of 7', sequential([2], layer('Dropout', { rate: 7 }), dense())],
  [
    '3,000 layers more',
    sequential(
      [2],
      dense(),
      ...Array.from({ length: 3000 }, (_, i) => layer('Activation', { name: `a${i}`, activation: 'relu' })),
    ),
  ],
  ['networks nested 200 deep', nested(200)],
  ['networks that call each other 2^30 times', doubling(30)],
  ['a layer that waits for itself', waiting('a')],
  ['a layer that waits for one that is not there', waiting('b')],
  ['a layer that waits for what every object has', waiting('constructor')],
  ['layers without end', { class_name: 'Sequential', config: { name: 'n', layers: [] } }],
  ['a name of 27,000 characters', sequential([2], dense({ name: '_'.repeat(27_000) }))],
  ['a word of 27,000 characters', sequential([2], dense({ activation: `${'_'.repeat(27_000)}!` }))],
  ['an option of 27,000 characters', sequential([2], dense({ [`${'_'.repeat(27_000)}!`]: 1 }))],
  ['a class that every object has', sequential([2], layer('constructor'))],
  ['another class that every object has', sequential([2], layer('__proto__'))],
  ['an initializer for a layer', sequential([2], layer('Zeros'))],
  ['a dtype that is none', sequential([2], dense({ dtype: 'complex64' }))],
  [
    'options nested 1,000 deep',
    sequential([2], layer('Reshape', { target_shape: JSON.parse('['.repeat(1000) + ']'.repeat(1000)) as unknown })),
  ],
])('%s is refused at once, with a code, and leaves no tensor', async (_, model) => {
  const path = await modelFile(model, kernel);
  const { model: topology, weights } = checkpointOf(model, kernel) as { model: never; weights: never };
  for (const run of [
    () => toModel(checkpointOf(model, kernel)),
    () => readLayersModel(path),
    async () => graphFromTopology(topology, weights),
  ]) {
    const { error, ms, tensors } = await failure(run);
    expect(error.code, error.message).toMatch(/^[A-Z_]+$/);
    expect(tensors).toBe(0);
    expect(ms).toBeLessThan(1500);
  }
});

it('a sealed checkpoint with such a topology is decoded and refused at once', async () => {
  const { model, weights } = checkpointOf(sequential([2], dense({ units: 400_000 })), kernel) as {
    model: never;
    weights: never;
  };
  const bytes = encodeCheckpoint({
    format: 'espalier-checkpoint/1',
    method: { name: 'fixed', citation: '', options: {} },
    clock: { step: 1, position: 1, round: 0 },
    state: null,
    phase: 'done',
    seed: 1,
    learningRate: null,
    masks: new Map(),
    slots: [],
    optimizer: null,
    snapshots: new Map(),
    metadata: {},
    model,
    weights,
  });
  const { error, tensors } = await failure(() => toModel(decodeCheckpoint(bytes)));
  expect(error.code).toBe('CHECKPOINT_MISMATCH');
  expect(tensors).toBe(0);
});

it('model.json that claims more weights than its files have is refused before a model is built', async () => {
  const claimed = { 'dense/kernel': [[30_000, 30_000], [1]] } as Weights;
  const { error, ms, tensors } = await failure(async () =>
    readLayersModel(await modelFile(sequential([30_000], dense({ units: 30_000 })), claimed)),
  );
  expect(error.code).toBe('MODEL_WEIGHTS_DAMAGED');
  expect(ms).toBeLessThan(1500);
  expect(tensors).toBe(0);
});

const series = (length: number): number[] => Array.from({ length }, (_, i) => Math.sin(i + 1) / 2);
const weight = (...shape: number[]): Weights[string] => [shape, series(shape.reduce((size, side) => size * side, 1))];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** One LSTM of one unit, step by step: gates i, f, c, o. */
function lstm(inputs: readonly number[], [w, u, b]: number[][]): number {
  let [h, c] = [0, 0];
  for (const x of inputs) {
    const z = [0, 1, 2, 3].map(gate => x * w![gate]! + h * u![gate]! + b![gate]!);
    c = sigmoid(z[1]!) * c + sigmoid(z[0]!) * Math.tanh(z[2]!);
    h = sigmoid(z[3]!) * Math.tanh(c);
  }
  return h;
}

it('recurrent networks load and give the right values', async () => {
  const cell = layer('LSTM', {
    units: 1,
    activation: 'tanh',
    recurrent_activation: 'sigmoid',
    recurrent_initializer: 'orthogonal',
  });
  const weights: Weights = {
    'bidirectional/forward_lstm/kernel': weight(1, 4),
    'bidirectional/forward_lstm/recurrent_kernel': weight(1, 4),
    'bidirectional/forward_lstm/bias': weight(4),
    'bidirectional/backward_lstm/kernel': weight(1, 4),
    'bidirectional/backward_lstm/recurrent_kernel': weight(1, 4),
    'bidirectional/backward_lstm/bias': weight(4),
  };
  const model = sequential([3, 1], layer('Bidirectional', { layer: cell, merge_mode: 'concat' }));
  const parameters = [series(4), series(4), series(4)];
  const expected = [lstm([1, 2, 3], parameters), lstm([3, 2, 1], parameters)];
  for (const made of [
    await toModel(checkpointOf(model, weights)),
    await readLayersModel(await modelFile(model, weights)),
  ]) {
    const actual = outputOf(made, [1, 2, 3]);
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
    made.dispose();
  }
});

it('a Bidirectional as Keras 3 writes it, with both layers and the names of their cells, gives the right values', async () => {
  const cell = (name: string, go_backwards: boolean): object => ({
    module: 'keras.layers',
    ...layer('LSTM', { name, units: 1, activation: 'tanh', recurrent_activation: 'sigmoid', go_backwards }),
    registered_name: null,
  });
  const model = sequential(
    [3, 1],
    layer('Bidirectional', {
      merge_mode: 'concat',
      layer: cell('forward_lstm', false),
      backward_layer: cell('backward_lstm', true),
    }),
  );
  const weights = Object.fromEntries(
    ['forward_lstm', 'backward_lstm'].flatMap(name => [
      [`bidirectional/${name}/lstm_cell/kernel`, weight(1, 4)],
      [`bidirectional/${name}/lstm_cell/recurrent_kernel`, weight(1, 4)],
      [`bidirectional/${name}/lstm_cell/bias`, weight(4)],
    ]),
  ) as Weights;
  const made = await readLayersModel(await modelFile(model, weights, '3.11.3'));
  const actual = outputOf(made, [1, 2, 3]);
  const parameters = [series(4), series(4), series(4)];
  expect(actual[0]).toBeCloseTo(lstm([1, 2, 3], parameters), 5);
  expect(actual[1]).toBeCloseTo(lstm([3, 2, 1], parameters), 5);
  made.dispose();
});

it('a stack of LSTM, GRU, SimpleRNN and TimeDistributed of 128 units loads in a moment', async () => {
  const [steps, units] = [3, 128];
  const all = { units, return_sequences: true, use_bias: false };
  const model = sequential(
    [steps, 2],
    layer('LSTM', all),
    layer('GRU', { ...all, reset_after: false }),
    layer('SimpleRNN', all),
    layer('TimeDistributed', {
      layer: layer('Dense', {
        units: 1,
        use_bias: false,
        kernel_initializer: { class_name: 'Orthogonal', config: {} },
      }),
    }),
  );
  const weights: Weights = {
    'lstm/kernel': weight(2, 4 * units),
    'lstm/recurrent_kernel': weight(units, 4 * units),
    'gru/kernel': weight(units, 3 * units),
    'gru/recurrent_kernel': weight(units, 3 * units),
    'simplernn/kernel': weight(units, units),
    'simplernn/recurrent_kernel': weight(units, units),
    'timedistributed/kernel': weight(units, 1),
  };
  const path = await modelFile(model, weights);
  const start = performance.now();
  const made = await readLayersModel(path);
  expect(performance.now() - start).toBeLessThan(2000);
  expect(outputOf(made, series(6))).toHaveLength(3);
  made.dispose();
  expect(tf.memory().numTensors).toBe(0);
});
