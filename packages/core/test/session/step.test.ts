import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { StepNotSettledError, TrainableSetChangedError } from '../../src/errors/index.js';
import { fixed } from '../../src/method/fixed.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import { maskOf } from '../../src/testing/mask-of.js';
import { disposeOptimizer } from '../../src/tfjs/optimizer/dispose-optimizer.js';
import { weightsOf } from '../../src/tfjs/weights/weights-of.js';
import { b, g, loss, masks, observeAt, optimizer, replace, scripted, useRig, values, w, withSession } from './rig.js';

useRig();

describe('a step', () => {
  it('updates active entries as the optimizer does and leaves masked ones at 0', async () => {
    await withSession(fixed({ masks: masks('1011') }) as PruningMethod, {}, async session => {
      // Before: 1·1 + 0·2 + 3·4 + 4·8 + 5 + 6 = 56. After: w − g where active.
      expect(await session.step(loss)).toBe(56);
      expect(await values(w)).toEqual([0, 0, -1, -4]);
      expect(await values(b)).toEqual([4, 5]);
      expect(session.clock).toEqual({ step: 1, position: 1, round: 0 });
      expect(session.sparsity).toBe(0.25);
    });
  });

  it('sets masked weights that something else wrote back to 0', async () => {
    await withSession(fixed({ masks: masks('1011') }) as PruningMethod, {}, async session => {
      tf.tidy(() => void w.assign(tf.fill([2, 2], 9)));
      await session.step(loss);
      expect(await values(w)).toEqual([8, 0, 5, 1]);
    });
  });

  it('removes NaN and infinity from the gradients of masked entries', async () => {
    g.dispose();
    replace({ g: tf.tensor2d([1, Number.NaN, Number.POSITIVE_INFINITY, 8], [2, 2]) });
    await withSession(fixed({ masks: masks('1001') }) as PruningMethod, {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 0, 0, -4]);
    });
  });

  it('leaves parameters and slots alone if the plan says skip, and still counts', async () => {
    disposeOptimizer(optimizer);
    replace({ optimizer: tf.train.momentum(1, 0.9) });
    await withSession(scripted({ plan: () => ({ optimizer: 'skip' }) }), {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([1, 2, 3, 4]);
      expect(optimizer.iterations).toBe(0);
      expect(session.clock.step).toBe(1);
    });
  });

  it('works on gradients that the user clipped', async () => {
    await withSession(fixed({ masks: masks('1011') }) as PruningMethod, {}, async session => {
      const { value, grads } = session.optimizer.computeGradients(loss);
      const clipped = Object.fromEntries(Object.entries(grads).map(([name, t]) => [name, tf.clipByValue(t, -2, 2)]));
      session.optimizer.applyGradients(clipped);
      await session.settle();
      tf.dispose([value, grads, clipped]);
      expect(await values(w)).toEqual([0, 0, 1, 2]);
    });
  });

  it('trains the weights of the session when optimizer.minimize is given none', async () => {
    const other = tf.tidy(() => tf.variable(tf.scalar(1)));
    await withSession(fixed() as PruningMethod, {}, async session => {
      session.optimizer.minimize(() => tf.add(loss(), other));
      await session.settle();
      expect(await values(other)).toEqual([1]);
      expect(await values(b)).toEqual([4, 5]);
    });
    other.dispose();
  });

  it('refuses to begin while the last one is open', async () => {
    await withSession(fixed() as PruningMethod, {}, async session => {
      session.optimizer.minimize(loss);
      await expect(session.step(loss)).rejects.toThrow(StepNotSettledError);
      await session.settle();
      await session.step(loss);
      expect(session.clock.step).toBe(2);
    });
  });

  it('refuses gradients of another set of weights', async () => {
    await withSession(fixed() as PruningMethod, {}, session => {
      const { optimizer: masked } = session;
      expect(() => masked.minimize(loss, false, [w])).toThrow(/There is no gradient for b/);
      const one = tf.scalar(1);
      const gradient = { name: w.name, tensor: one };
      expect(() => masked.applyGradients([gradient])).toThrow(/There is no gradient for b/);
      expect(() =>
        masked.applyGradients([gradient, { name: b.name, tensor: one }, { name: 'x', tensor: one }]),
      ).toThrow(/There are gradients for x/);
      expect(() => masked.applyGradients([gradient, gradient, { name: b.name, tensor: one }])).toThrow(
        TrainableSetChangedError,
      );
      one.dispose();
    });
  });
});

describe('a weight', () => {
  it('that the loss does not depend on stays as it is, without decay, and shows a gradient of zeros', async () => {
    disposeOptimizer(optimizer);
    replace({ optimizer: tf.train.momentum(1, 0.5) });
    const gradients: number[][] = [];
    const decide: PruningMethod['decide'] = ({ layers }) => {
      gradients.push([...(layers[0]?.gradient ?? [])]);
      return { state: null };
    };
    await withSession(scripted({ plan: observeAt(0, 'gradients'), decide }), { weightDecay: 0.5 }, async session => {
      await session.step(() => tf.sum(b));
      expect(await values(w)).toEqual([1, 2, 3, 4]);
      expect(await values(b)).toEqual([4, 5]);
    });
    expect(gradients).toEqual([[0, 0, 0, 0]]);
  });

  it('that is frozen can be masked, and shows a gradient of zeros', async () => {
    w.trainable = false;
    const gradients: number[][] = [];
    const decide: PruningMethod['decide'] = ({ layers }) => {
      gradients.push([...(layers[0]?.gradient ?? [])]);
      return { state: null };
    };
    const method = scripted({ plan: observeAt(0, 'gradients'), decide });
    const weights = weightsOf({ w, b }, { include: ['w'] });
    await withSession(method, { weights, masks: masks('0110') }, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 2, 3, 0]);
      const checkpoint = await session.checkpoint();
      expect(checkpoint.masks.get('w')).toEqual(maskOf('0110'));
      expect(checkpoint.weights.get('w')?.trainable).toBe(false);
    });
    expect(gradients).toEqual([[0, 0, 0, 0]]);
  });
});
