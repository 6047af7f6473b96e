import { keptCount } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, digitsNormalisation, embeddedDigits, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { accuracyOf } from '../../datasets/test/accuracy.js';
import { magnitude } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const normalise = digitsNormalisation;

it('prunes LeNet-300-100 to 90 % on real digits with real zeros in the weights, and keeps its accuracy', async () => {
  const { train, test } = await embeddedDigits();
  const before = tf.memory().numTensors;
  const model = lenet300({ seed: 1 });
  const weights = modelWeights(model);
  const optimizer = tf.train.momentum(0.05, 0.9);
  const method = magnitude({ sparsity: 0.9, cadence: { start: 100, end: 220, every: 20 } });
  const session = await PruningSession.start(method, { weights, optimizer, seed: 1, weightDecay: 1e-4 });
  let dense = 0;
  while (session.clock.position < 320) {
    const { position } = session.clock;
    if (position === 100) dense = await accuracyOf(model, test);
    const { xs, ys } = toTensors(batchAt(train, { position, batchSize: 64, seed: 1, normalise }), {
      labels: 'one-hot',
    });
    await session.step(
      () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor) as tf.Scalar,
    );
    tf.dispose([xs, ys]);
  }
  const pruned = await accuracyOf(model, test);

  const prunable = weights.filter(weight => weight.prunable);
  const values = await Promise.all(prunable.map(({ variable }) => variable.data()));
  const total = values.reduce((sum, entries) => sum + entries.length, 0);
  const nonzero = values.reduce((sum, entries) => sum + entries.filter(w => w !== 0).length, 0);
  expect(total).toBe(266_200); // 784·300 + 300·100 + 100·10
  expect(nonzero).toBe(keptCount(total, 0.9));
  expect(dense).toBeGreaterThan(0.85);
  expect(pruned).toBeGreaterThan(dense - 0.01);

  session.dispose();
  optimizer.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before + 1); // Momentum.dispose leaves its constant m behind (tensorflow/tfjs#4647)
}, 60_000);
