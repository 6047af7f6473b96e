import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { softmaxCrossEntropy } from './loss.js';

const logits = [
  [Math.log(1), Math.log(3)], // softmax 1/4, 3/4
  [Math.log(1), Math.log(1)], // softmax 1/2, 1/2
];

async function lossOf(labels: () => tf.Tensor, labelSmoothing?: number): Promise<number> {
  const value = tf.tidy(() =>
    softmaxCrossEntropy(labelSmoothing === undefined ? {} : { labelSmoothing })(tf.tensor2d(logits), labels()),
  );
  const [mean = Number.NaN] = await value.data();
  value.dispose();
  return mean;
}

it.each(['cpu', 'wasm'])('is the mean of -log p of the true classes on %s', async backend => {
  await tf.setBackend(backend);
  // (-ln 3/4 - ln 1/2) / 2
  expect(await lossOf(() => tf.tensor1d([1, 0], 'int32'))).toBeCloseTo((Math.log(4 / 3) + Math.log(2)) / 2, 6);
  await tf.setBackend('cpu');
});

it('takes one-hot labels and class indices alike', async () => {
  const indices = await lossOf(() => tf.tensor1d([1, 0], 'int32'), 0.1);
  const rows = await lossOf(
    () =>
      tf.tensor2d([
        [0, 1],
        [1, 0],
      ]),
    0.1,
  );
  expect(rows).toBe(indices);
});

it('spreads the smoothed fraction evenly over all classes', async () => {
  // ε = 0.2, 2 classes: the true class gets 0.9, the other 0.1.
  // First row: -0.9 ln 3/4 - 0.1 ln 1/4; second row: ln 2.
  const first = -0.9 * Math.log(3 / 4) - 0.1 * Math.log(1 / 4);
  expect(await lossOf(() => tf.tensor1d([1, 0], 'int32'), 0.2)).toBeCloseTo((first + Math.log(2)) / 2, 6);
});

it('has the gradient softmax minus labels, over the batch size', async () => {
  const before = tf.memory().numTensors;
  const gradient = tf.tidy(() =>
    tf.grad((x: tf.Tensor) => softmaxCrossEntropy()(x, tf.tensor1d([1, 0], 'int32')))(tf.tensor2d(logits)),
  );
  const values = [...(await gradient.data())];
  gradient.dispose();
  [0.125, -0.125, -0.25, 0.25].forEach((expected, i) => {
    expect(values[i]).toBeCloseTo(expected, 6);
  });
  expect(tf.memory().numTensors).toBe(before);
});

it.each([-0.1, 1, Number.NaN])('refuses a label smoothing of %d', labelSmoothing => {
  expect(() => softmaxCrossEntropy({ labelSmoothing })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});
