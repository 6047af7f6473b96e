import { keptCount, linear, polynomial } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, digitsNormalization, embeddedDigits, sequentialBatches, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { movement } from '../src/index.js';

beforeAll(() => tf.setBackend('wasm'));

const normalize = digitsNormalization;
type Digits = Awaited<ReturnType<typeof embeddedDigits>>;

/** Fraction of right answers on the held-out digits, all at once. */
async function accuracyOf(model: LayersModel, test: Digits['test']): Promise<number> {
  const [batch] = sequentialBatches(test, { batchSize: test.size, normalize });
  if (!batch) return 0;
  const answers = tf.tidy(() => tf.argMax(model.predict(toTensors(batch).xs) as tf.Tensor, 1));
  const values = await answers.data();
  answers.dispose();
  return batch.labels.filter((label, i) => values[i] === label).length / test.size;
}

it('trains LeNet-300-100 to 90 % on real digits in one pass, with real zeros in the weights in the end', async () => {
  const { train, test } = await embeddedDigits();
  const before = tf.memory().numTensors;
  const model = lenet300({ seed: 1 });
  const weights = modelWeights(model);
  const optimizer = tf.train.momentum(0.05, 0.9);
  const method = movement({
    sparsity: 0.9,
    cadence: { start: 0, end: 239, every: 16 },
    schedule: polynomial({ to: 0.9, start: 0, end: 160 }),
  });
  // As the rate goes to 0 the masks settle; at a constant rate the last change of mask would still be a large one.
  const learningRate = linear({ from: 0.05, to: 0, start: 0, end: 240 });
  const session = await PruningSession.start(method, { weights, optimizer, seed: 1, weightDecay: 1e-4, learningRate });
  while (session.clock.position < 240) {
    const { position } = session.clock;
    const { xs, ys } = toTensors(batchAt(train, { position, batchSize: 64, seed: 1, normalize }), {
      labels: 'one-hot',
    });
    await session.step(
      () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor) as tf.Scalar,
    );
    tf.dispose([xs, ys]);
  }

  const kernels = weights.filter(weight => weight.prunable);
  const values = await Promise.all(kernels.map(({ variable }) => variable.data()));
  const nonzero = values.map(entries => entries.filter(w => w !== 0).length);
  expect(nonzero).toEqual([235_200, 30_000, 1_000].map(size => keptCount(size, 0.9))); // 784·300, 300·100, 100·10
  const accuracy = await accuracyOf(model, test);
  expect(accuracy).toBeGreaterThan(0.85); // 0.895 when this was written

  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}, 300_000);
