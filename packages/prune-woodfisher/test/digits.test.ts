import { activeMagnitude, global, keptCount } from '@espalier/core';
import { type ModelWeight, modelWeights, PruningSession, pruneOnce } from '@espalier/core/tfjs';
import { batchAt, digitsNormalisation, embeddedDigits, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { accuracyOf } from '../../datasets/test/accuracy.js';
import { oneShotWoodFisher } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const normalise = digitsNormalisation;
type Split = Awaited<ReturnType<typeof embeddedDigits>>['train'];

/** Mean loss of the batch at a position. */
const lossOf = (model: LayersModel, train: Split, position: number, batchSize: number) => (): tf.Scalar =>
  tf.tidy(() => {
    const { xs, ys } = toTensors(batchAt(train, { position, batchSize, seed: 1, normalise }), { labels: 'one-hot' });
    return tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: false }) as tf.Tensor) as tf.Scalar;
  });

/** Prunes the model as it stands, at learning rate 0. */
async function pruneWithWoodFisher(weights: ModelWeight[], model: LayersModel, train: Split, sparsity: number) {
  const optimizer = tf.train.sgd(0);
  const session = await PruningSession.start(oneShotWoodFisher({ sparsity, samples: 40 }), {
    weights,
    optimizer,
    exampleLosses: count => Array.from({ length: count }, (_, i) => lossOf(model, train, i, 10)),
  });
  await session.step(lossOf(model, train, 0, 10));
  session.dispose();
  optimizer.dispose();
}

it('prunes LeNet-300-100 at once on real digits with real zeros, and loses less accuracy than magnitude', async () => {
  const { train, test } = await embeddedDigits();
  const before = tf.memory().numTensors;
  const model = lenet300({ seed: 1 });
  const weights = modelWeights(model);
  const optimizer = tf.train.sgd(0.1);
  for (let position = 0; position < 150; position++) optimizer.minimize(lossOf(model, train, position, 64));
  const trained = await Promise.all(weights.map(({ variable }) => variable.clone()));
  const dense = await accuracyOf(model, test);

  await pruneOnce(weights, activeMagnitude, 0.9, global);
  const magnitude = await accuracyOf(model, test);
  weights.forEach(({ variable }, i) => {
    variable.assign(trained[i]!);
  });
  await pruneWithWoodFisher(weights, model, train, 0.9);
  const woodFisher = await accuracyOf(model, test);

  const prunable = weights.filter(weight => weight.prunable);
  const values = await Promise.all(prunable.map(({ variable }) => variable.data()));
  const nonzero = values.reduce((sum, entries) => sum + entries.filter(w => w !== 0).length, 0);
  expect(nonzero).toBe(keptCount(266_200, 0.9)); // 784·300 + 300·100 + 100·10
  // Measured without any retraining: dense 0.896, magnitude 0.754, WoodFisher 0.813.
  expect(dense).toBeGreaterThan(0.85);
  expect(woodFisher).toBeGreaterThan(0.75);
  expect(woodFisher).toBeGreaterThan(magnitude + 0.02);

  tf.dispose(trained);
  optimizer.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}, 60_000);
