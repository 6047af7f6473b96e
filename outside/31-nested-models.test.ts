import '@tensorflow/tfjs-backend-cpu';
import { existsSync } from 'node:fs';
import { toModel } from '@espalier/core/tfjs';
import { readLayersModel } from '@espalier/models/node';
import { compile, graphFromTopology } from '@espalier/runtime';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { checkpointOf, type Layer, modelFile, outputOf, type Weights } from './model-files.js';

/** A call in the spelling of Keras 3. */
const call = (...from: [string, number][]): object => {
  const tensors = from.map(([name, node]) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, 1], dtype: 'float32', keras_history: [name, node, 0] },
  }));
  return { args: tensors.length === 1 ? tensors : [tensors], kwargs: { training: false, mask: null } };
};
const node = (className: string, name: string, config: object, ...calls: object[]): Layer => ({
  module: 'keras.layers',
  class_name: className,
  config: { name, ...config },
  registered_name: null,
  name,
  inbound_nodes: calls,
});
const input = (name: string): Layer => node('InputLayer', name, { batch_shape: [null, 1], dtype: 'float32' });
const dense = (name: string, ...calls: object[]): Layer =>
  node('Dense', name, { units: 1, use_bias: false, activation: 'linear' }, ...calls);
const functional = (name: string, inner: Layer[], ends: [string, string], ...calls: object[]): Layer => ({
  ...node(
    'Functional',
    name,
    { trainable: true, layers: inner, input_layers: [ends[0], 0, 0], output_layers: [ends[1], 0, 0] },
    ...calls,
  ),
});
const base = (...calls: object[]): Layer =>
  functional('base', [input('y'), dense('inner', call(['y', 0]))], ['y', 'inner'], ...calls);
const two: Weights = { 'inner/kernel': [[1, 1], [2]] };

/** Topology, weights, output for 3. */
const cases: [string, Layer, Weights, number][] = [
  // 3 · 2 · 5
  [
    'nested',
    functional('outer', [input('x'), base(call(['x', 0])), dense('head', call(['base', 0]))], ['x', 'head']),
    { ...two, 'head/kernel': [[1, 1], [5]] },
    30,
  ],
  // 3 · 2
  ['nested, and the last', functional('outer', [input('x'), base(call(['x', 0]))], ['x', 'base']), two, 6],
  // nested in nested: 3 · 2 · 5 · 7
  [
    'nested in nested',
    functional(
      'outer',
      [
        input('x'),
        functional(
          'middle',
          [input('z'), base(call(['z', 0])), dense('head', call(['base', 0]))],
          ['z', 'head'],
          call(['x', 0]),
        ),
        dense('top', call(['middle', 0])),
      ],
      ['x', 'top'],
    ),
    { ...two, 'head/kernel': [[1, 1], [5]], 'top/kernel': [[1, 1], [7]] },
    210,
  ],
  // called twice: 3 · 2 = 6, 6 · 2 = 12, and both: 18
  [
    'called twice',
    functional(
      'outer',
      [input('x'), base(call(['x', 0]), call(['base', 0])), node('Add', 'add', {}, call(['base', 0], ['base', 1]))],
      ['x', 'add'],
    ),
    two,
    18,
  ],
  // a layer shared by two places that other layers are between, listed first: 2 · (5 · (2 · 3)) = 60
  [
    'a shared layer',
    functional(
      'outer',
      [
        input('x'),
        dense('inner', call(['x', 0]), call(['head', 0])),
        dense('head', call(['inner', 0])),
        node('Activation', 'last', { activation: 'linear' }, call(['inner', 1])),
      ],
      ['x', 'last'],
    ),
    { ...two, 'head/kernel': [[1, 1], [5]] },
    60,
  ],
  // a Sequential in it: 3 · 2 · 5
  [
    'a Sequential in a functional model',
    functional(
      'outer',
      [
        input('x'),
        { ...node('Sequential', 'base', { layers: [input('y'), dense('inner')] }, call(['x', 0])) },
        dense('head', call(['base', 0])),
      ],
      ['x', 'head'],
    ),
    { ...two, 'head/kernel': [[1, 1], [5]] },
    30,
  ],
  // the other way round
  [
    'a functional model in a Sequential',
    { class_name: 'Sequential', config: { name: 'outer', layers: [input('x'), base(), dense('head')] } },
    { ...two, 'head/kernel': [[1, 1], [5]] },
    30,
  ],
  // without weights
  [
    'without weights',
    functional(
      'outer',
      [
        input('x'),
        functional(
          'base',
          [input('y'), node('Activation', 'a', { activation: 'relu' }, call(['y', 0]))],
          ['y', 'a'],
          call(['x', 0]),
        ),
      ],
      ['x', 'base'],
    ),
    {},
    3,
  ],
];

it.each(cases)('a Keras 3 model with %s gives what Keras gives', async (_, model, weights, expected) => {
  const before = tf.memory().numTensors;
  for (const made of [
    await readLayersModel(await modelFile(model, weights, '3.11.3')),
    await toModel(checkpointOf(model, weights, '3.11.3')),
  ]) {
    expect(outputOf(made, [3])).toEqual([expected]);
    for (const variable of made.weights) if (!variable.read().isDisposed) variable.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
  const { model: topology, weights: map } = checkpointOf(model, weights, '3.11.3') as { model: never; weights: never };
  const plan = await compile(graphFromTopology(topology, map), { threads: 1 });
  expect([...(await plan.run(Float32Array.of(3)))]).toEqual([expected]);
  await plan.dispose();
});

it('what TensorFlow.js saves of nested models comes back, counted from 1', async () => {
  const make = (): layers.LayersModel => {
    const y = layers.input({ shape: [1], name: 'y' });
    const inner = layers.layers.dense({ name: 'inner', units: 1, useBias: false }).apply(y) as layers.SymbolicTensor;
    const nested = layers.model({ name: 'base', inputs: y, outputs: inner });
    const x = layers.input({ shape: [1], name: 'x' });
    const once = nested.apply(x) as layers.SymbolicTensor;
    const twice = nested.apply(once) as layers.SymbolicTensor;
    return layers.model({
      name: 'outer',
      inputs: x,
      outputs: layers.layers.add({ name: 'add' }).apply([once, twice]) as layers.SymbolicTensor,
    });
  };
  const topology = JSON.parse(JSON.stringify(make().toJSON(null, false))) as Layer;
  const made = await toModel(checkpointOf(topology, two, 'tfjs-layers 4.22.0'));
  expect(outputOf(made, [3])).toEqual([18]);
});

const folder = `${process.env.ESPALIER_DATA ?? '/no/data/directory'}/real-networks/keras3-nested-topology`;
it.skipIf(!existsSync(folder))("the minimal file of Keras 3's transfer learning loads", async () => {
  const made = await readLayersModel(`${folder}/minimal.json`);
  expect(made.weights.map(weight => weight.originalName)).toEqual(['inner/kernel', 'head/kernel']);
  expect(outputOf(made, [1, 2, 3, 4])).toEqual([0, 0]); // all weights are zero
  made.dispose();
});
