import '@tensorflow/tfjs-backend-cpu';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { fromLayersModel } from './index.js';

test('a graph keeps the weights of its moment, and no tensor is made or lost', async () => {
  const before = tfc.memory().numTensors;
  const model = tf.sequential({
    layers: [tf.layers.dense({ name: 'head', units: 2, useBias: false, inputShape: [1] })],
  });
  const set = (...values: number[]): void => tfc.tidy(() => model.setWeights([tfc.tensor2d(values, [1, 2])]));
  set(1, 2);
  const held = tfc.memory().numTensors;
  const graph = await fromLayersModel(model);
  expect(tfc.memory().numTensors).toBe(held);
  set(3, 4);
  expect(graph.nodes).toMatchObject([{ kind: 'dense', name: 'head', kernel: Float32Array.of(1, 2) }]);
  model.dispose();
  expect(tfc.memory().numTensors).toBe(before);
});

test('a graph does not change when its kernel is overwritten in place', async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ name: 'head', units: 1, useBias: false, inputShape: [1] })],
  });
  tfc.tidy(() => model.setWeights([tfc.tensor2d([5], [1, 1])]));
  const [first] = (await fromLayersModel(model)).nodes;
  if (first?.kind !== 'dense') throw new Error('no dense node');
  first.kernel[0] = 9;
  const [weight] = model.getWeights();
  expect([...(await weight!.data())]).toEqual([5]);
  model.dispose();
});
