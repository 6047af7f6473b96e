import { keptCount } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { disposeOptimizer, PruningSession, weightsOf } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { snip } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const sparsity = 0.7;
const batches = 3;

/** Two layers without biases; `c` stands before every weight, as in equation 3 of the paper. */
function lossOf(x: tf.Tensor2D, y: tf.Tensor2D, kernels: readonly tf.Tensor[], c?: readonly tf.Tensor[]): tf.Scalar {
  const [first, second] = kernels.map((kernel, i) => (c?.[i] ? tf.mul(kernel, c[i]) : kernel) as tf.Tensor2D);
  return tf.losses.softmaxCrossEntropy(y, tf.matMul(tf.tanh(tf.matMul(x, first!)), second!)) as tf.Scalar;
}

it('keeps the connections that the derivative by a mask of ones ranks highest, at the initial weights', async () => {
  const data = Array.from({ length: batches }, (_, i) => {
    const x = tf.randomNormal<tf.Rank.R2>([8, 5], 0, 1, 'float32', 10 + i);
    return {
      x,
      y: tf.tensor2d(Array.from({ length: 8 }, (_, row) => [0, 1, 2].map(k => Number(k === (row + i) % 3)))),
    };
  });
  const normal = (shape: number[], seed: number): tf.Variable =>
    tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, 0.5, 'float32', seed)));
  const kernels = [normal([5, 6], 1), normal([6, 3], 2)];
  const [first, second] = kernels as [tf.Variable, tf.Variable];

  // Equations 4 to 6 by automatic differentiation, on the loss over all batches.
  const whole = (...c: tf.Tensor[]): tf.Scalar =>
    tf.addN(data.map(({ x, y }) => lossOf(x, y, kernels, c))) as tf.Scalar;
  const sensitivities = tf.tidy(() =>
    tf
      .grads(whole)(kernels.map(kernel => tf.onesLike(kernel)))
      .map(d => tf.abs(d)),
  );
  const scores = await Promise.all(sensitivities.map(async s => [...(await s.data())]));
  tf.dispose(sensitivities);
  const ranked = scores.flat().sort((a, b) => b - a);
  const threshold = ranked[keptCount(ranked.length, sparsity) - 1] ?? 0;
  const expected = scores.map(layer => layer.map(score => Number(score >= threshold)));

  const optimizer = tf.train.sgd(0.1);
  const weights = weightsOf({ first, second });
  const session = await PruningSession.start(snip({ sparsity, batches }), { weights, optimizer });
  const before = await Promise.all(kernels.map(async kernel => [...(await kernel.data())]));
  for (const { x, y } of data) await session.step(() => lossOf(x, y, kernels));
  expect([...session.masks.values()].map(mask => [...mask])).toEqual(expected);
  const after = await Promise.all(kernels.map(async kernel => [...(await kernel.data())]));
  expect(after).toEqual(before.map((layer, l) => layer.map((w, i) => (expected[l]?.[i] ? w : 0))));

  // What is left is trained, under the same masks.
  const { x, y } = data[0]!;
  for (let i = 0; i < 5; i++) await session.step(() => lossOf(x, y, kernels));
  expect([...session.masks.values()].map(mask => [...mask])).toEqual(expected);
  const trained = await Promise.all(kernels.map(async kernel => [...(await kernel.data())]));
  expect(trained.map(layer => layer.map(w => Number(w !== 0)))).toEqual(expected);
  expect(trained).not.toEqual(after);
  session.dispose();
  disposeOptimizer(optimizer);
  tf.dispose([kernels, data]);
});
