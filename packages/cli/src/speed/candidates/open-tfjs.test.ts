import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { checkpointOf, tiny } from '../../../test/checkpoint-of.js';
import { openTfjs } from './open-tfjs.js';

it('says why TensorFlow.js cannot run a network, and leaves the backend as it was', async () => {
  await tf.setBackend('cpu');
  const checkpoint = await checkpointOf(tiny());
  const { numTensors } = tf.memory();
  const weights = new Map([...checkpoint.weights].filter(([name]) => name !== 'head/bias'));
  const { candidate, leftOut } = await openTfjs({ ...checkpoint, weights }, 1);
  expect(candidate).toBeUndefined();
  expect(leftOut).toMatchObject({ name: 'tfjs-wasm', reason: expect.stringContaining('head/bias') });
  expect(tf.memory().numTensors).toBe(numTensors);
  expect(tf.getBackend()).toBe('cpu');
});
