import { countOnes, keptCount } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, digitsNormalisation, embeddedDigits, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import type { PruningMethod } from '@espalier/core';
import { accuracyOf } from '../../datasets/test/accuracy.js';
import { granet, rigl } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const normalise = digitsNormalisation;
const steps = 200;

const methods: Record<'rigl' | 'granet', PruningMethod<null>> = {
  rigl: rigl({ sparsity: 0.9, cadence: { start: 0, end: 150, every: 15 } }),
  granet: granet({ sparsity: 0.9, cadence: { start: 0, end: 100, every: 25 }, trainingSteps: steps }),
};

it.each(['rigl', 'granet'] as const)(
  '%s trains LeNet-300-100 on real digits with nine of ten weights exactly 0',
  async name => {
    const { train, test } = await embeddedDigits();
    const before = tf.memory().numTensors;
    const model = lenet300({ seed: 1 });
    const weights = modelWeights(model);
    const optimizer = tf.train.momentum(0.05, 0.9);
    let grown = 0;
    const session = await PruningSession.start(methods[name], {
      ...{ weights, optimizer, seed: 1, weightDecay: 1e-4 },
      onDecision: ({ changed }) => (grown += changed.grown),
    });
    while (session.clock.position < steps) {
      const { position } = session.clock;
      const { xs, ys } = toTensors(batchAt(train, { position, batchSize: 64, seed: 1, normalise }), {
        labels: 'one-hot',
      });
      await session.step(
        () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor) as tf.Scalar,
      );
      tf.dispose([xs, ys]);
    }
    const accuracy = await accuracyOf(model, test);

    const prunable = weights.filter(weight => weight.prunable);
    const values = await Promise.all(prunable.map(({ variable }) => variable.data()));
    const total = values.reduce((sum, entries) => sum + entries.length, 0);
    const nonzero = values.reduce((sum, entries) => sum + entries.filter(w => w !== 0).length, 0);
    const active = [...session.masks.values()].reduce((sum, mask) => sum + countOnes(mask), 0);
    expect(total).toBe(266_200); // 784·300 + 300·100 + 100·10
    expect(active).toBe(keptCount(total, 0.9));
    expect(nonzero).toBeLessThanOrEqual(active);
    expect(nonzero).toBeGreaterThan(0.99 * active); // what grew was trained
    expect(grown).toBeGreaterThan(active / 2);
    expect(accuracy).toBeGreaterThan(0.85); // measured: rigl 0.892, granet 0.918

    session.dispose();
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before + 1); // Momentum.dispose leaves its constant m behind (tensorflow/tfjs#4647)
  },
  60_000,
);
