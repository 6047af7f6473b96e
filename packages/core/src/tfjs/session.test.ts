import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { supportedOptimizers } from '../testing/supported-optimizers.js';
import { toyMethods } from '../testing/toy-methods.js';
import { toyModel } from '../testing/toy-model.js';
import { disposeOptimizer } from './dispose-optimizer.js';
import { PruningSession } from './session.js';

beforeAll(() => tf.setBackend('cpu'));

describe.each(Object.entries(toyMethods))('%s', (_, method) => {
  it.each(Object.entries(supportedOptimizers))('runs with %s', async (_name, optimizer) => {
    const before = tf.memory().numTensors;
    const model = toyModel();
    const inner = optimizer();
    const { weights, exampleLosses } = model;
    const session = await PruningSession.start(method(), { weights, optimizer: inner, exampleLosses });
    const counts: number[] = [];
    for (let i = 0; i < 14; i++) {
      await session.step(model.loss);
      counts.push(tf.memory().numTensors);
      for (const { name, variable } of weights) {
        const mask = session.masks.get(name);
        if (mask) expect((await variable.data()).filter((v, j) => v !== 0 && !mask[j])).toHaveLength(0);
      }
    }
    console.log(session.sparsity, session.clock, session.phase, counts.join());
    session.dispose();
    disposeOptimizer(inner);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
