import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { smallConvNet } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { magnitude } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const optimizers = {
  SGD: () => tf.train.sgd(0.05),
  Nesterov: () => tf.train.momentum(0.05, 0.9, true),
  Adam: () => tf.train.adam(0.01),
};

it.each(Object.entries(optimizers))(
  'magnitude M5, magnitude M6: with %s and weight decay masked weights are 0 after every step, and only kernels have masks',
  async (_name, makeOptimizer) => {
    const before = tf.memory().numTensors;
    const model = smallConvNet({ inputShape: [8, 8, 1], classes: 3, seed: 1 });
    const optimizer = makeOptimizer();
    const session = await PruningSession.start(magnitude({ sparsity: 0.8, cadence: { start: 0, end: 4, every: 2 } }), {
      weights: modelWeights(model),
      optimizer,
      weightDecay: 0.01,
    });
    const xs = tf.randomNormal([4, 8, 8, 1], 0, 1, 'float32', 7);
    for (let step = 0; step < 6; step++) {
      await session.step(() => tf.mean(tf.square(model.apply(xs, { training: true }) as tf.Tensor)) as tf.Scalar);
      for (const { name, variable } of modelWeights(model)) {
        const values = await variable.data();
        const mask = session.masks.get(name);
        expect(mask !== undefined).toBe(name.endsWith('kernel'));
        mask?.forEach((bit, i) => {
          if (!bit) expect(values[i]).toBe(0);
        });
      }
    }
    expect(session.sparsity).toBeCloseTo(0.8, 2);
    session.dispose();
    disposeOptimizer(optimizer);
    model.dispose();
    xs.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);
