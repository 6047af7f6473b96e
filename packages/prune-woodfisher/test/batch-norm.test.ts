import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { oneShotWoodFisher } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('woodfisher W9: collecting gradients in inference mode leaves batch-norm statistics as they are', async () => {
  const before = tf.memory().numTensors;
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ name: 'hidden', units: 6, inputShape: [4] }),
      tfl.layers.batchNormalization({ name: 'norm' }),
      tfl.layers.dense({ name: 'head', units: 2 }),
    ],
  });
  const xs = tf.randomNormal([16, 4], 1, 2, 'float32', 1);
  const ys = tf.randomNormal([16, 2], 0, 1, 'float32', 2);
  const loss = (training: boolean, rows: number) => (): tf.Scalar =>
    tf.tidy(() => {
      const answers = model.apply(tf.slice(xs, [0, 0], [rows, 4]), { training }) as tf.Tensor;
      return tf.losses.meanSquaredError(tf.slice(ys, [0, 0], [rows, 2]), answers) as tf.Scalar;
    });
  const statistics = async (): Promise<number[][]> => {
    const weights = modelWeights(model).filter(({ name }) => name.includes('moving'));
    return Promise.all(weights.map(async ({ variable }) => [...(await variable.data())]));
  };
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(oneShotWoodFisher({ sparsity: 0.5, position: 2, samples: 8 }), {
    weights: modelWeights(model),
    optimizer,
    exampleLosses: count => Array.from({ length: count }, () => loss(false, 4)),
  });
  const initial = await statistics();
  await session.step(loss(true, 16));
  const trained = await statistics();
  expect(trained).not.toEqual(initial); // so a change would be seen
  await session.step(loss(false, 16));
  await session.step(loss(false, 16)); // prunes
  expect(session.sparsity).toBe(0.5);
  expect(await statistics()).toEqual(trained);

  session.dispose();
  optimizer.dispose();
  model.dispose();
  tf.dispose([xs, ys]);
  expect(tf.memory().numTensors).toBe(before);
});
