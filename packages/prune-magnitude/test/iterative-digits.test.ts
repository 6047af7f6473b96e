import { keptCount, linear } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, digitsNormalisation, embeddedDigits, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { accuracyOf } from '../../datasets/test/accuracy.js';
import { iterativeMagnitude } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const normalise = digitsNormalisation;

it('invariant 8: leaves exact zeros in the weights at the end of each phase on real digits, and keeps the accuracy', async () => {
  const { train, test } = await embeddedDigits();
  const before = tf.memory().numTensors;
  const model = lenet300({ seed: 1 });
  const weights = modelWeights(model);
  const prunable = weights.filter(weight => weight.prunable);
  const optimizer = tf.train.momentum(0.05, 0.9);
  const denseSchedule = linear({ from: 0.05, to: 0, start: 0, end: 120 });
  const method = iterativeMagnitude({
    sparsity: 0.95,
    phases: 3,
    denseSchedule,
    denseSteps: 120,
    retrainSteps: { perPhase: 40 },
  });
  const session = await PruningSession.start(method, {
    weights,
    optimizer,
    seed: 1,
    weightDecay: 1e-4,
    learningRate: denseSchedule,
  });
  let dense = 0;
  const nonzero: number[] = [];
  const rates: number[] = [];
  while (session.clock.position < 240) {
    const { position } = session.clock;
    if (position === 119) dense = await accuracyOf(model, test);
    rates.push(session.learningRate);
    const { xs, ys } = toTensors(batchAt(train, { position, batchSize: 64, seed: 1, normalise }), {
      labels: 'one-hot',
    });
    await session.step(
      () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor) as tf.Scalar,
    );
    tf.dispose([xs, ys]);
    if (![159, 199, 239].includes(position)) continue;
    const values = await Promise.all(prunable.map(({ variable }) => variable.data()));
    nonzero.push(values.reduce((sum, entries) => sum + entries.filter(w => w !== 0).length, 0));
  }
  const pruned = await accuracyOf(model, test);

  const total = 266_200; // 784·300 + 300·100 + 100·10
  // The cut after phase 1 comes with the decision of position 159, so what is left then is the second count.
  const sparsities = [1 - 0.05 ** (2 / 3), 0.95, 0.95];
  expect(nonzero).toEqual(sparsities.map(sparsity => keptCount(total, sparsity)));
  // Each phase: 4 steps of warm-up from 0, then the start rate, between 40/120 and all of 0.05, and 0 on the last step.
  for (const begin of [120, 160, 200]) {
    expect(rates[begin]).toBe(0);
    expect(rates[begin + 4]).toBeGreaterThanOrEqual(0.05 / 3 - 1e-12);
    expect(rates[begin + 4]).toBeLessThanOrEqual(0.05);
    expect(rates[begin + 39]).toBe(0);
  }
  expect(dense).toBeGreaterThan(0.85);
  expect(pruned).toBeGreaterThan(dense - 0.04); // 0.909 and 0.897 when this was written

  session.dispose();
  optimizer.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before + 1); // Momentum.dispose leaves its constant m behind (tensorflow/tfjs#4647)
}, 60_000);
