import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { shortcut } from './shortcut.js';

it('takes every second pixel and puts zero channels around the old ones', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const input = layers.input({ shape: [4, 4, 2] });
  const model = layers.model({ inputs: input, outputs: shortcut(input, 5, 2, 'block') });
  // pixel (y, x), channel c holds 10·(4y + x) + c
  const image = tf.tensor4d(
    Float32Array.from({ length: 32 }, (_, i) => 10 * Math.floor(i / 2) + (i % 2)),
    [1, 4, 4, 2],
  );
  const output = model.predict(image) as tf.Tensor4D;
  expect(await output.array()).toEqual([
    [
      [
        [0, 0, 1, 0, 0],
        [0, 20, 21, 0, 0],
      ],
      [
        [0, 80, 81, 0, 0],
        [0, 100, 101, 0, 0],
      ],
    ],
  ]);
  tf.dispose([image, output]);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('is the input itself when neither size nor channels change', () => {
  const input = layers.input({ shape: [4, 4, 2] });
  expect(shortcut(input, 2, 1, 'block')).toBe(input);
});
