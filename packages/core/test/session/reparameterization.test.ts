import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { fixed } from '../../src/method/fixed.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import type { Reparameterization } from '../../src/method/reparameterization.js';
import { disposeOptimizer } from '../../src/tfjs/optimizer/dispose-optimizer.js';
import { weightsOf } from '../../src/tfjs/weights/weights-of.js';
import { softThreshold, straightThrough } from '../toys/toy-hooks.js';
import { b, g, loss, masks, observeAt, optimizer, replace, scripted, useRig, values, w, withSession } from './rig.js';

useRig();

/** Shows what the method sees after every step. */
function watched(
  reparameterization: Reparameterization,
  script: Partial<PruningMethod> = {},
): [PruningMethod, object[]] {
  const seen: object[] = [];
  const method = scripted({
    plan: () => ({ observe: { kind: 'weights' } }),
    decide: ({ layers: [layer] }) => {
      seen.push({ weights: [...layer!.weights], raw: [...(layer!.raw ?? [])], ...layer!.parameters });
      return { state: null };
    },
    ...script,
    reparameterization,
  });
  return [method, seen];
}

/** To six decimals, and without the sign of zeros. */
const rounded = (numbers: readonly number[]): number[] => numbers.map(value => Math.round(value * 1e6) / 1e6 + 0);

describe('a soft threshold', () => {
  it('trains three weights and their threshold as worked out by hand, through momentum and both decays', async () => {
    // lr 1/8, momentum 1/2, decay 0.1 of raw weights, 0.2 of the threshold; gradient [1, 5, -2] at the effective
    // weight. raw [3, -0.5, -2], t 1: effective [2, 0, -1]; passed [1, 0, -2]; dL/dt = -(1·1 + -1·-2) = -3 v = [1 +
    // 0.3, -0.05, -2 - 0.2] = [1.3, -0.05, -2.2], vt = -3 + 0.2 = -2.8 raw [2.8375, -0.49375, -1.725], t 1.35:
    // effective [1.4875, 0, -0.375] v = v/2 + [1 + 0.28375, -0.049375, -2 - 0.1725] = [1.93375, -0.074375, -3.2725], vt
    // = -1.4 - 3 + 0.27 = -4.13 raw [2.59578125, -0.484453125, -1.3159375], t 1.86625: effective [0.72953125, 0, 0]
    const kernel = tf.tidy(() => tf.variable(tf.tensor2d([3, -0.5, -2], [1, 3])));
    const gradient = tf.tensor2d([1, 5, -2], [1, 3]);
    disposeOptimizer(optimizer);
    replace({ optimizer: tf.train.momentum(0.125, 0.5) });
    const [method, seen] = watched(softThreshold(1, 0.2));
    const options = { weights: weightsOf({ kernel }), weightDecay: 0.1 };
    await withSession(method, options, async session => {
      expect(rounded(await values(kernel))).toEqual([2, 0, -1]);
      for (let i = 0; i < 2; i++) await session.step(() => tf.sum(tf.mul(kernel, gradient)));
      expect(rounded(await values(kernel))).toEqual([0.729531, 0, 0]);
    });
    const [first, second] = seen as { weights: number[]; raw: number[]; threshold: number }[];
    expect(rounded([...first!.weights, first!.threshold])).toEqual([1.4875, 0, -0.375, 1.35]);
    expect(rounded(first!.raw)).toEqual([2.8375, -0.49375, -1.725]);
    expect(rounded([...second!.raw, second!.threshold])).toEqual([2.595781, -0.484453, -1.315938, 1.86625]);
    tf.dispose([kernel, gradient]);
  });

  it('of a layer without data gradient decays geometrically: s(n) = s0 · (1 - lr · decay)^n', async () => {
    const [method, seen] = watched(softThreshold(-4, 0.5));
    g.dispose();
    replace({ g: tf.zeros([2, 2]) });
    await withSession(method, { learningRate: () => 0.25 }, async session => {
      for (let i = 0; i < 3; i++) await session.step(loss);
    });
    // (1 - 0.25 · 0.5)³ = 0.669921875
    expect(seen.at(-1)).toMatchObject({ threshold: -4 * 0.669921875 });
  });
});

describe('masks', () => {
  it('on raw weights keep raw weights at 0 beneath them, as without a reparameterization', async () => {
    const [method, seen] = watched(straightThrough('raw'));
    await withSession(method, { masks: masks('1011') }, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 0, -1, -4]);
    });
    expect(seen).toEqual([{ weights: [0, 0, -1, -4], raw: [0, 0, -1, -4] }]);
  });

  it('on effective weights let raw weights and slots beneath them learn', async () => {
    disposeOptimizer(optimizer);
    replace({ optimizer: tf.train.momentum(1, 0.5) });
    const [method, seen] = watched(straightThrough('effective'));
    await withSession(method, { masks: masks('1011') }, async session => {
      expect(await values(w)).toEqual([1, 0, 3, 4]);
      await session.step(loss);
      await session.step(loss);
      const { slots } = await session.checkpoint();
      expect(slots.find(({ weight }) => weight === 'w')!.values).toEqual(Float32Array.of(1.5, 3, 6, 12));
    });
    // 2 - 2 = 0, then 0 - (2 · 0.5 + 2) = -3
    expect(seen[1]).toEqual({ weights: [-1.5, 0, -7, -16], raw: [-1.5, -3, -7, -16] });
  });

  it('keep NaN at masked places out of everything else, also out of sums over the layer', async () => {
    g.dispose();
    replace({ g: tf.tensor2d([1, Number.NaN, Number.POSITIVE_INFINITY, 2], [2, 2]) });
    const [method, seen] = watched(softThreshold(0.5));
    await withSession(method, { masks: masks('1001') }, async session => session.step(loss).then(() => {}));
    // passed [1, 0, 0, 2], dL/dt = -3
    expect(seen).toEqual([{ weights: [0, 0, 0, 0], raw: [0, 0, 0, 2], threshold: 3.5 }]);
  });
});

describe('a step', () => {
  it('that the plan skips leaves raw weights, parameters and slots alone', async () => {
    const [method, seen] = watched(softThreshold(1, 0.5), {
      plan: () => ({ observe: { kind: 'weights' }, optimizer: 'skip' }),
    });
    await withSession(method, { weightDecay: 0.5 }, async session => {
      await session.step(loss);
      expect(optimizer.iterations).toBe(0);
    });
    expect(seen).toEqual([{ weights: [0, 1, 2, 3], raw: [1, 2, 3, 4], threshold: 1 }]);
  });

  it('whose loss does not depend on the weight leaves raw weight and parameters alone, without decay', async () => {
    const [method, seen] = watched(softThreshold(1, 0.5));
    await withSession(method, { weightDecay: 0.5 }, async session => {
      await session.step(() => tf.sum(b));
      expect(await values(b)).toEqual([4, 5]);
    });
    expect(seen).toEqual([{ weights: [0, 1, 2, 3], raw: [1, 2, 3, 4], threshold: 1 }]);
  });

  it('does not train a frozen weight, nor its parameters', async () => {
    w.trainable = false;
    const [method, seen] = watched(softThreshold(1, 0.5));
    await withSession(method, { weights: weightsOf({ w, b }, { include: ['w'] }) }, async session => {
      await session.step(loss);
      expect(await values(b)).toEqual([4, 5]);
    });
    expect(seen).toEqual([{ weights: [0, 1, 2, 3], raw: [1, 2, 3, 4], threshold: 1 }]);
  });

  it('shows the dense gradient of the effective weight, and raw weights only with weights', async () => {
    const shown: unknown[] = [];
    const script: Partial<PruningMethod> = {
      plan: ({ position }) => ({ observe: { kind: position === 0 ? 'gradients' : 'clock' } }),
      decide: ({ layers: [layer] }) => {
        shown.push(layer!.gradient && [...layer!.gradient], layer!.raw !== undefined, layer!.parameters !== undefined);
        return { state: null };
      },
    };
    await withSession(watched(softThreshold(2), script)[0], { masks: masks('0111') }, async session => {
      for (let i = 0; i < 2; i++) await session.step(loss);
    });
    expect(shown).toEqual([[1, 2, 4, 8], true, true, undefined, false, false]);
  });

  it('equals the bare optimizer bit for bit if effective weight and gradient are the raw ones', async () => {
    const trained = async (method: PruningMethod): Promise<number[]> => {
      const adam = tf.train.adam(0.1);
      const kernel = tf.tidy(() => tf.variable(tf.tensor2d([0.3, -1.7, 2.2, 0.9], [2, 2])));
      const options = { weights: weightsOf({ kernel }), optimizer: adam, weightDecay: 0.01 };
      await withSession(method, options, async session => {
        for (let i = 0; i < 7; i++) await session.step(() => tf.sum(tf.square(tf.sub(kernel, 0.5))));
      });
      const result = await values(kernel);
      disposeOptimizer(adam);
      kernel.dispose();
      return result;
    };
    const bare = await trained(fixed() as PruningMethod);
    expect(await trained(watched(straightThrough('raw'))[0])).toEqual(bare);
    expect(await trained(watched(straightThrough('effective'))[0])).toEqual(bare);
  });

  it('makes no tensor more, and dispose frees them all', async () => {
    const before = tf.memory().numTensors;
    disposeOptimizer(optimizer);
    replace({ optimizer: tf.train.adam(0.1) });
    const [method] = watched(softThreshold(0.5), { plan: observeAt(99, 'weights') });
    await withSession(method, { masks: masks('1011') }, async session => {
      await session.step(loss);
      const first = tf.memory().numTensors;
      for (let i = 0; i < 5; i++) await session.step(loss);
      expect(tf.memory().numTensors).toBe(first);
    });
    // Adam's two powers, less SGD's none, and two slots for each of w, b and the threshold
    disposeOptimizer(optimizer);
    expect(tf.memory().numTensors).toBe(before - 1);
    replace({ optimizer: tf.train.sgd(1) });
  });
});
