import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { readWeights } from './contract/run/compare.js';
import { supportedOptimizers } from './contract/supported-optimizers.js';
import { toyModel } from './toy-model.js';

beforeAll(() => tf.setBackend('cpu'));

it('toyModel is the same for a seed, differs between seeds, and frees everything', async () => {
  const before = tf.memory().numTensors;
  const models = [toyModel(), toyModel(), toyModel(2)];
  const [once, again, other] = await Promise.all(models.map(({ weights }) => readWeights(weights)));
  expect(again).toEqual(once);
  expect(other).not.toEqual(once);
  for (const model of models) model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('the mean of its example losses is its loss', async () => {
  const model = toyModel();
  const read = async (loss: () => tf.Scalar): Promise<number> => {
    const value = tf.tidy(loss);
    const [number = Number.NaN] = await value.data();
    value.dispose();
    return number;
  };
  const whole = await read(model.loss);
  const parts = await Promise.all([...model.exampleLosses(12)].map(read));
  expect(parts.reduce((sum, part) => sum + part, 0) / 12).toBeCloseTo(whole, 5);
  model.dispose();
});

it.each(Object.entries(supportedOptimizers))('%s lowers its loss within 20 steps', async (_, create) => {
  const model = toyModel();
  const optimizer = create();
  const trained = model.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable);
  const losses: number[] = [];
  for (let i = 0; i < 20; i++) {
    const cost = optimizer.minimize(model.loss, true, trained);
    losses.push((await cost?.data())?.[0] ?? Number.NaN);
    cost?.dispose();
  }
  expect(losses[19]).toBeLessThan(losses[0]!);
  optimizer.dispose();
  model.dispose();
});
