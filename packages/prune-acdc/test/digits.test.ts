import { keptCount } from '@espalier/core';
import { modelWeights, PruningSession, toModel } from '@espalier/core/tfjs';
import { batchAt, digitsNormalisation, embeddedDigits, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { accuracyOf } from '../../datasets/test/accuracy.js';
import { acdc, denseTwin } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const normalise = digitsNormalisation;

/** Entries of the kernels, and those that are not zero. */
async function countKernels(model: LayersModel): Promise<[total: number, nonzero: number]> {
  const kernels = modelWeights(model).filter(weight => weight.prunable);
  const values = await Promise.all(kernels.map(({ variable }) => variable.data()));
  const total = values.reduce((sum, entries) => sum + entries.length, 0);
  return [total, values.reduce((sum, entries) => sum + entries.filter(w => w !== 0).length, 0)];
}

it('trains a 90 % sparse LeNet-300-100 with real zeros on real digits, and its dense twin, and both are accurate', async () => {
  const { train, test } = await embeddedDigits();
  const before = tf.memory().numTensors;
  const model = lenet300({ seed: 1 });
  const optimizer = tf.train.momentum(0.05, 0.9);
  // D0-79 S80-139 D140-199 S200-299.
  const method = acdc({ sparsity: 0.9, phases: { total: 300, warmup: 80, sparse: 60, dense: 60, lastSparse: 100 } });
  const session = await PruningSession.start(method, {
    ...{ weights: modelWeights(model), optimizer, seed: 1, weightDecay: 1e-4 },
  });
  while (session.clock.position < 300) {
    const { position } = session.clock;
    const { xs, ys } = toTensors(batchAt(train, { position, batchSize: 64, seed: 1, normalise }), {
      labels: 'one-hot',
    });
    await session.step(
      () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor) as tf.Scalar,
    );
    tf.dispose([xs, ys]);
  }
  const twin = await toModel(denseTwin(await session.checkpoint({ model, slots: false })));

  const [total, nonzero] = await countKernels(model);
  expect(total).toBe(266_200); // 784·300 + 300·100 + 100·10
  expect(nonzero).toBe(keptCount(total, 0.9));
  expect((await countKernels(twin))[1]).toBeGreaterThan(0.99 * total); // measured: 265 800, masked weights have regrown
  const accuracies = [await accuracyOf(model, test), await accuracyOf(twin, test)];
  expect(Math.min(...accuracies)).toBeGreaterThan(0.88); // measured: 0.917 sparse, 0.915 dense

  session.dispose();
  optimizer.dispose();
  model.dispose();
  twin.dispose();
  expect(tf.memory().numTensors).toBe(before + 1); // Momentum.dispose leaves its constant m behind (tensorflow/tfjs#4647)
}, 60_000);
