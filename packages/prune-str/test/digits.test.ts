import { keptCount } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, digitsNormalisation, embeddedDigits, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { accuracyOf } from '../../datasets/test/accuracy.js';
import { type SoftThresholdOptions, softThreshold } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const normalise = digitsNormalisation;

/** LeNet-300-100 after 300 steps on the digits: its sparsity, how many kernel entries are not 0, and its accuracy. */
async function train(options: Omit<SoftThresholdOptions, 'end'>) {
  const { train: digits, test } = await embeddedDigits();
  const before = tf.memory().numTensors;
  const model = lenet300({ seed: 1 });
  const weights = modelWeights(model);
  const optimizer = tf.train.momentum(0.05, 0.9);
  const session = await PruningSession.start(softThreshold({ end: 199, ...options }), {
    ...{ weights, optimizer, weightDecay: 5e-4 },
  });
  while (session.clock.position < 300) {
    const { position } = session.clock;
    const { xs, ys } = toTensors(batchAt(digits, { position, batchSize: 64, seed: 1, normalise }), {
      labels: 'one-hot',
    });
    await session.step(
      () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor) as tf.Scalar,
    );
    tf.dispose([xs, ys]);
  }
  const kernels = weights.filter(weight => weight.prunable);
  const values = await Promise.all(kernels.map(({ variable }) => variable.data()));
  const nonzero = values.reduce((sum, entries) => sum + entries.filter(w => w !== 0).length, 0);
  const result = { sparsity: session.sparsity, nonzero, accuracy: await accuracyOf(model, test) };
  session.dispose();
  optimizer.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before + 1); // Momentum.dispose leaves its constant m behind (tensorflow/tfjs#4647)
  return result;
}

const size = 266_200; // 784·300 + 300·100 + 100·10

it('trains a 90 % sparse LeNet-300-100 with real zeros on real digits under the controller', async () => {
  const { nonzero, accuracy } = await train({
    ...{ sparsity: 0.9, cadence: { start: 30, every: 10 }, initialThreshold: -100, thresholdDecay: 5e-4 },
  });
  expect(nonzero).toBe(keptCount(size, 0.9));
  expect(accuracy).toBeGreaterThan(0.85); // measured: 0.899
}, 60_000);

it('trains a sparse LeNet-300-100 with thresholds that learn alone, once they start where the data moves them', async () => {
  const { sparsity, nonzero, accuracy } = await train({ initialThreshold: -7, thresholdDecay: 5e-3 });
  expect(nonzero).toBe(Math.round(size * (1 - sparsity)));
  expect(sparsity).toBeGreaterThan(0.1); // measured: 0.183
  expect(accuracy).toBeGreaterThan(0.88); // measured: 0.928
}, 60_000);
