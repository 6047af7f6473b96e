import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startBackends } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

it('shares the data between clones and frees it with the last of them', async () => {
  await tf.setBackend('wasm');
  const buffers = tf.engine().backend.numDataIds();
  const x = tf.tensor1d([1, 2, 3]);
  const y = tf.clone(x);
  expect(tf.engine().backend.numDataIds()).toBe(buffers + 1);
  x.dispose();
  expect([...(await y.data())]).toEqual([1, 2, 3]);
  y.dispose();
  expect(tf.engine().backend.numDataIds()).toBe(buffers);
});

it('leaves a clone of a variable as it was when the variable is assigned', async () => {
  await tf.setBackend('wasm');
  const tensors = tf.memory().numTensors;
  const initial = tf.tensor1d([1, 2]);
  const variable = tf.variable(initial);
  const before = tf.clone(variable);
  tf.tidy(() => variable.assign(tf.tensor1d([3, 4])));
  expect([...(await before.data())]).toEqual([1, 2]);
  expect([...(await variable.data())]).toEqual([3, 4]);
  tf.dispose([initial, variable, before]);
  expect(tf.memory().numTensors).toBe(tensors);
});
