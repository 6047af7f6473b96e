import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { model, optimizer, replaceOptimizer } from '../../test/session/adam-rig.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { alternatingToy } from '../testing/toy-methods.js';
import { disposeOptimizer } from './optimizer/dispose-optimizer.js';
import { PruningSession } from './session/session.js';
import { weightsOf } from './weights/weights-of.js';

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

  it("returns Adagrad's accumulator to its initial value, not to 0", async () => {
    replaceOptimizer(tf.train.adagrad(0.1, 0.25));
    const session = await PruningSession.start(alternatingToy(), { weights: model.weights, optimizer });
    for (let i = 0; i < 8; i++) await session.step(model.loss);
    const { slots } = await session.checkpoint();
    expect(slots.every(({ initial, values }) => initial === 0.25 && values.every(value => value === 0.25))).toBe(true);
    session.dispose();
  });
});
