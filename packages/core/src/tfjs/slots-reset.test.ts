import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { model, optimizer, replaceOptimizer, useAdamRig } from '../../test/session/adam-rig.js';
import { alternatingToy } from '../../test/toys/toy-methods.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { disposeOptimizer } from './optimizer/dispose-optimizer.js';
import { PruningSession } from './session/session.js';
import { weightsOf } from './weights/weights-of.js';

useAdamRig();

describe('slots: reset', () => {
  it("returns all slots and Adam's bias correction to those of a new optimizer", async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor2d([1, 2], [1, 2])));
    const b = tf.tidy(() => tf.variable(tf.zeros([1])));
    const method: PruningMethod = {
      specification: 'v1',
      name: 'reset',
      citation: 'none',
      options: {},
      start: () => ({ state: null }),
      plan: ({ position }) => (position === 2 ? { observe: { kind: 'clock' } } : {}),
      decide: () => ({ state: null, slots: 'reset' }),
    };
    const loss = (): tf.Scalar => tf.add(tf.sum(tf.square(w)), tf.sum(b));
    const session = await PruningSession.start(method, { weights: weightsOf({ w, b }), optimizer });
    for (let i = 0; i < 3; i++) await session.step(loss);
    const { slots, optimizer: stored } = await session.checkpoint();
    expect(slots.flatMap(({ values }) => [...values])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(stored).toEqual({ className: 'Adam', iterations: 3, powers: [Math.fround(0.9), Math.fround(0.999)] });
    // So the next step equals the first step of a new Adam from the same weights.
    const start = Array.from(await w.data());
    await session.step(loss);
    const fresh = tf.train.adam(0.01);
    const copy = tf.tidy(() => tf.variable(tf.tensor2d(start, [1, 2])));
    fresh.minimize(() => tf.sum(tf.square(copy)), false, [copy]);
    expect(Array.from(await w.data())).toEqual(Array.from(await copy.data()));
    session.dispose();
    disposeOptimizer(fresh);
    tf.dispose([w, b, copy]);
  });

  it('returns single entries, also active ones, and no others', async () => {
    const before = tf.memory().numTensors;
    const w = tf.tidy(() => tf.variable(tf.tensor2d([1, 2, 3, 4], [1, 4])));
    const b = tf.tidy(() => tf.variable(tf.zeros([1])));
    const momentum = tf.train.momentum(0.1, 0.5);
    const method: PruningMethod = {
      specification: 'v1',
      name: 'entries',
      citation: 'none',
      options: {},
      start: () => ({ state: null, masks: new Map([['w', Uint8Array.of(1, 1, 1, 0)]]) }),
      plan: ({ position }) => (position === 1 ? { observe: { kind: 'clock' } } : {}),
      decide: () => ({ state: null, slots: new Map([['w', Uint8Array.of(0, 1, 0, 1)]]) }),
    };
    const session = await PruningSession.start(method, {
      weights: weightsOf({ w, b }),
      optimizer: momentum,
    });
    // The gradient of the sum is 1: the momentum is 1, then 0.5 * 1 + 1 = 1.5; entry 1 returns to 0, entry 3 is masked.
    for (let i = 0; i < 2; i++) await session.step(() => tf.add(tf.sum(w), tf.sum(b)));
    const { slots } = await session.checkpoint();
    expect(slots.map(({ weight, values }) => [weight, [...values]])).toEqual([
      ['w', [1.5, 0, 1.5, 0]],
      ['b', [1.5]],
    ]);
    session.dispose();
    disposeOptimizer(momentum);
    tf.dispose([w, b]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("returns Adagrad's accumulator to its initial value, not to 0", async () => {
    replaceOptimizer(tf.train.adagrad(0.1, 0.25));
    const session = await PruningSession.start(alternatingToy(), { weights: model.weights, optimizer });
    for (let i = 0; i < 8; i++) await session.step(model.loss);
    const { slots } = await session.checkpoint();
    expect(slots.every(({ initial, values }) => initial === 0.25 && values.every(value => value === 0.25))).toBe(true);
    session.dispose();
  });
});
