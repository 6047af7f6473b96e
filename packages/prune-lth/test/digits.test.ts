import { keptCount } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, digitsNormalisation, embeddedDigits, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { accuracyOf } from '../../datasets/test/accuracy.js';
import { lotteryTicket } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const normalise = digitsNormalisation;

it('finds a ticket of LeNet-300-100 at 90 % on real digits that trains from step 15 to about the accuracy of the dense model', async () => {
  const { train, test } = await embeddedDigits();
  const before = tf.memory().numTensors;
  const model = lenet300({ seed: 1 });
  const weights = modelWeights(model);
  const optimizer = tf.train.momentum(0.05, 0.9);
  const method = lotteryTicket({ sparsity: 0.9, rounds: 2, roundLength: 100, rewindTo: 15 });
  const session = await PruningSession.start(method, { weights, optimizer, seed: 1 });
  let dense = 0;
  let rewound = 0;
  while (session.clock.position < 100) {
    const { step, position, round } = session.clock;
    if (step === 99) dense = await accuracyOf(model, test);
    if (round === 2 && position === 15) rewound = await accuracyOf(model, test);
    const { xs, ys } = toTensors(batchAt(train, { position, batchSize: 64, seed: 1, normalise }), {
      labels: 'one-hot',
    });
    await session.step(
      () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor) as tf.Scalar,
    );
    tf.dispose([xs, ys]);
  }
  expect(session.clock).toEqual({ step: 270, position: 100, round: 2 });
  const ticket = await accuracyOf(model, test);

  const prunable = weights.filter(weight => weight.prunable);
  const values = await Promise.all(prunable.map(({ variable }) => variable.data()));
  const total = values.reduce((sum, entries) => sum + entries.length, 0);
  const nonzero = values.reduce((sum, entries) => sum + entries.filter(w => w !== 0).length, 0);
  expect(total).toBe(266_200); // 784·300 + 300·100 + 100·10
  expect(nonzero).toBe(keptCount(total, 0.9));
  // Measured: dense 0.9007 after 100 steps, 0.6167 just rewound to step 15 under the mask, ticket 0.8960.
  expect(dense).toBeGreaterThan(0.85);
  expect(rewound).toBeLessThan(dense - 0.1);
  expect(ticket).toBeGreaterThan(dense - 0.03);

  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}, 60_000);
