import { keptCount } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, digitsNormalization, embeddedDigits, sequentialBatches, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { snip } from '../src/index.js';

beforeAll(() => tf.setBackend('wasm'));

const normalize = digitsNormalization;

it('prunes LeNet-300-100 to 95 % before training, and trains what is left on real digits', async () => {
  const { train, test } = await embeddedDigits();
  const before = tf.memory().numTensors;
  const model = lenet300({ seed: 1 });
  const weights = modelWeights(model);
  const optimizer = tf.train.momentum(0.05, 0.9);
  const session = await PruningSession.start(snip({ sparsity: 0.95, batches: 4 }), { weights, optimizer, seed: 1 });
  while (session.clock.position < 240) {
    const { position } = session.clock;
    const batch = batchAt(train, { position, batchSize: 64, seed: 1, normalize });
    const { xs, ys } = toTensors(batch, { labels: 'one-hot' });
    await session.step(
      () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor) as tf.Scalar,
    );
    tf.dispose([xs, ys]);
  }

  const kernels = weights.filter(weight => weight.prunable);
  const values = await Promise.all(kernels.map(({ variable }) => variable.data()));
  const nonzero = values.map(entries => entries.filter(w => w !== 0).length);
  expect(nonzero.reduce((sum, count) => sum + count, 0)).toBe(keptCount(266_200, 0.95)); // 784·300 + 300·100 + 100·10

  const [batch] = sequentialBatches(test, { batchSize: test.size, normalize });
  const answers = tf.tidy(() => tf.argMax(model.predict(toTensors(batch!).xs) as tf.Tensor, 1));
  const classes = await answers.data();
  answers.dispose();
  const accuracy = batch!.labels.filter((label, i) => classes[i] === label).length / test.size;
  expect(accuracy).toBeGreaterThan(0.85); // 0.907 when this was written

  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}, 300_000);
