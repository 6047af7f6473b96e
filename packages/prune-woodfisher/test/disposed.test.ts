import { toyModel } from '@espalier/core/testing';
import { disposeOptimizer, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { type FisherExecutor, inThread, oneShotWoodFisher } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('disposing the session ends an estimate with the next gradient, closes its executor, and prunes nothing', async () => {
  const before = tf.memory().numTensors;
  const model = toyModel();
  const optimizer = tf.train.sgd(0.1);
  const events: string[] = [];
  const executor: FisherExecutor = {
    ...inThread(),
    open: async bytes => {
      events.push('open');
      return { ...(await inThread().open(bytes)), close: async () => void events.push('close') };
    },
  };
  const onProgress = ({ gradients }: { gradients: number }): void => {
    if (gradients === 3) session.dispose();
  };
  let asked = 0;
  const method = oneShotWoodFisher({ sparsity: 0.5, samples: 50, executor, onProgress });
  const session: PruningSession<null> = await PruningSession.start(method, {
    weights: model.weights,
    optimizer,
    *exampleLosses(count) {
      for (; asked < count; asked++) yield model.loss;
    },
  });
  await session.step(model.loss);
  expect(asked).toBeLessThanOrEqual(4);
  expect(events).toEqual(['open', 'close']);
  expect(session.sparsity).toBe(0);
  disposeOptimizer(optimizer);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
