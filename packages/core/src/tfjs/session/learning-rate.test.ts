import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixed } from '../../method/fixed.js';
import type { PruningMethod } from '../../method/pruning-method.js';
import type { LearningRatePlan } from '../../schedule/learning-rate-plan.js';
import type { Schedule } from '../../schedule/schedule.js';
import { supportedOptimizers } from '../../testing/contract/supported-optimizers.js';
import { disposeOptimizer } from '../optimizer/dispose-optimizer.js';
import { weightsOf } from '../weights/weights-of.js';
import { PruningSession } from './session.js';

beforeAll(() => tf.setBackend('cpu'));

/** Rates that SGD used on each step, read off the weight: the gradient is 1. */
async function ratesOf(method: PruningMethod, steps: number, learningRate?: Schedule): Promise<number[]> {
  const before = tf.memory().numTensors;
  const w = tf.tidy(() => tf.variable(tf.zeros([1, 1])));
  const optimizer = tf.train.sgd(0.5);
  const session = await PruningSession.start(method, {
    weights: weightsOf({ w }),
    optimizer,
    ...(learningRate ? { learningRate } : {}),
  });
  const rates: number[] = [];
  for (let i = 0; i < steps; i++) {
    const [start = 0] = await w.data();
    const announced = session.learningRate;
    await session.step(() => tf.sum(w));
    const [end = 0] = await w.data();
    expect(Math.fround(start - end)).toBe(Math.fround(announced));
    rates.push(start - end);
  }
  session.dispose();
  disposeOptimizer(optimizer);
  w.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return rates;
}

/** Decides a plan after position 0, and takes it back after position 2. */
function planned(plan: LearningRatePlan): PruningMethod {
  return {
    specification: 'v1',
    name: 'planned',
    citation: 'none',
    options: {},
    start: () => ({ state: null }),
    plan: ({ position }) => (position === 0 || position === 2 ? { observe: { kind: 'clock' } } : {}),
    decide: ({ clock }) => ({ state: null, learningRate: clock.position === 0 ? plan : null }),
  };
}

const plan: LearningRatePlan = { start: 1, segments: [{ shape: 'linear', length: 4, from: 8, to: 0 }] };
const method = fixed() as PruningMethod;

describe('the learning rate', () => {
  it("is the optimizer's own without a schedule", async () => {
    expect(await ratesOf(method, 3)).toEqual([0.5, 0.5, 0.5]);
  });

  it('follows the schedule by position', async () => {
    expect(await ratesOf(method, 4, position => 2 ** -position)).toEqual([1, 0.5, 0.25, 0.125]);
  });

  it("follows a method's plan over the schedule, and returns to it", async () => {
    // Position 1 and 2 of the plan: 8, then 8·3/4 = 6.
    expect(await ratesOf(planned(plan), 5, position => 2 ** -position)).toEqual([1, 8, 6, 0.125, 0.0625]);
  });

  it("returns to the optimizer's own rate after a plan if there is no schedule", async () => {
    expect(await ratesOf(planned(plan), 5)).toEqual([0.5, 8, 6, 0.5, 0.5]);
  });

  it.each([Number.NaN, -0.1, Number.POSITIVE_INFINITY])('must not be %d', async rate => {
    const w = tf.tidy(() => tf.variable(tf.zeros([1, 1])));
    const optimizer = tf.train.sgd(0.5);
    const session = await PruningSession.start(fixed(), {
      weights: weightsOf({ w }),
      optimizer,
      learningRate: () => rate,
    });
    await expect(session.step(() => tf.sum(w))).rejects.toThrow(/"learningRate" is .* \(this is position 0\)/);
    session.dispose();
    disposeOptimizer(optimizer);
    w.dispose();
  });

  it.each(Object.entries(supportedOptimizers))('0 stops %s, so the adapter reaches its field', async (_, create) => {
    const w = tf.tidy(() => tf.variable(tf.ones([1, 1])));
    const optimizer = create();
    const learningRate: Schedule = position => (position === 0 ? 0 : 0.5);
    const session = await PruningSession.start(fixed(), { weights: weightsOf({ w }), optimizer, learningRate });
    await session.step(() => tf.sum(w));
    expect(Array.from(await w.data())).toEqual([1]);
    await session.step(() => tf.sum(w));
    expect(Array.from(await w.data())[0]).toBeLessThan(1);
    session.dispose();
    disposeOptimizer(optimizer);
    w.dispose();
  });
});
