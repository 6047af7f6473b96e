import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixed } from '../../method/fixed.js';
import { maskOf } from '../../testing/mask-of.js';
import { PruningSession } from '../session/session.js';
import type { SessionOptions } from '../session/session-options.js';
import type { WeightRole } from '../weights/model-weight.js';
import { weightsOf } from '../weights/weights-of.js';
import { disposeOptimizer } from './dispose-optimizer.js';

beforeAll(() => tf.setBackend('cpu'));

/**
 * One variable of each role with the value 2 twice; the gradient is 0.5 everywhere. Two steps of momentum 0.5, rate
 * 0.25.
 */
async function train(weightDecay: SessionOptions['weightDecay'], masks?: ReadonlyMap<string, Uint8Array>) {
  const before = tf.memory().numTensors;
  const make = (): tf.Variable => tf.tidy(() => tf.variable(tf.tensor2d([2, 2], [1, 2])));
  const roles: WeightRole[] = ['kernel', 'bias', 'normalization', 'embedding', 'other'];
  const variables = Object.fromEntries(roles.map(role => [role, make()]));
  const loss = (): tf.Scalar => tf.mul(tf.addN(Object.values(variables).map(variable => tf.sum(variable))), 0.5);
  const weights = weightsOf(variables, { role: name => name as WeightRole });
  const optimizer = tf.train.momentum(0.25, 0.5);
  const session = await PruningSession.start(fixed(masks ? { masks } : {}), {
    weights,
    optimizer,
    ...(weightDecay === undefined ? {} : { weightDecay }),
  });
  await session.step(loss);
  await session.step(loss);
  const result = Object.fromEntries(
    await Promise.all(Object.entries(variables).map(async ([role, v]) => [role, Array.from(await v.data())] as const)),
  );
  session.dispose();
  disposeOptimizer(optimizer);
  tf.dispose(Object.values(variables));
  expect(tf.memory().numTensors).toBe(before);
  return result as Record<WeightRole, number[]>;
}

// Without decay: m = 0.5, w = 2 − 0.125 = 1.875; m = 0.25 + 0.5 = 0.75, w = 1.875 − 0.1875 = 1.6875.
const plain = [1.6875, 1.6875];
// Decay 0.5, coupled: g = 0.5 + 1 = 1.5, m = 1.5, w = 2 − 0.375 = 1.625;
// g = 0.5 + 0.8125 = 1.3125, m = 0.75 + 1.3125 = 2.0625, w = 1.625 − 0.515625 = 1.109375.
const decayed = [1.109375, 1.109375];

describe('weight decay', () => {
  it('is off by default', async () => {
    expect(await train(undefined)).toEqual({
      kernel: plain,
      bias: plain,
      normalization: plain,
      embedding: plain,
      other: plain,
    });
    expect((await train(0)).kernel).toEqual(plain);
  });

  it('is coupled: rate · w joins the gradient before momentum, as in PyTorch, but not of biases and normalization', async () => {
    expect(await train(0.5)).toEqual({
      kernel: decayed,
      bias: plain,
      normalization: plain,
      embedding: decayed,
      other: decayed,
    });
  });

  it('reaches biases and normalization if asked', async () => {
    expect((await train({ rate: 0.5, biases: true })).bias).toEqual(decayed);
    expect((await train({ rate: 0.5, biases: true })).normalization).toEqual(plain);
    expect((await train({ rate: 0.5, normalization: true })).normalization).toEqual(decayed);
  });

  it('does not move masked entries', async () => {
    expect((await train(0.5, new Map([['kernel', maskOf('01')]]))).kernel).toEqual([0, 1.109375]);
  });
});
