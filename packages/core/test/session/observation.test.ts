import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { MissingExampleLossesError } from '../../src/errors/index.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import type { StepView } from '../../src/method/step.js';
import { maskOf } from '../../src/testing/mask-of.js';
import type { SessionOptions } from '../../src/tfjs/session/session-options.js';
import { b, loss, masks, observeAt, scripted, useRig, w, withSession } from './rig.js';

useRig();

describe('an observation', () => {
  const seen = async (
    kind: 'clock' | 'weights' | 'gradients',
    options: Partial<SessionOptions> = {},
  ): Promise<StepView> => {
    const views: StepView[] = [];
    const decide: PruningMethod['decide'] = view => {
      views.push(view);
      return { state: null };
    };
    await withSession(scripted({ plan: observeAt(0, kind), decide }), options, async session => {
      await session.step(loss);
      await session.step(loss);
    });
    expect(views).toHaveLength(1);
    return views[0]!;
  };

  it('of the clock shows masks and no weights', async () => {
    const { layers, clock, samples } = await seen('clock', { masks: masks('0111') });
    expect(clock).toEqual({ step: 0, position: 0, round: 0 });
    const shape = { name: 'w', shape: [2, 2], size: 4, kind: 'dense', axes: { input: [0], output: [1] } };
    expect(layers).toEqual([{ ...shape, weights: new Float32Array(0), mask: maskOf('0111') }]);
    expect(samples).toBeUndefined();
  });

  it('of the weights shows them after the step, without gradients', async () => {
    const { layers } = await seen('weights');
    expect(layers.map(layer => [...layer.weights])).toEqual([[0, 0, -1, -4]]);
    expect(layers[0]).not.toHaveProperty('gradient');
  });

  it('of the gradients shows dense ones, masked entries included, without weight decay', async () => {
    const { layers } = await seen('gradients', { masks: masks('0110'), weightDecay: 10 });
    expect([...layers[0]!.gradient!]).toEqual([1, 2, 4, 8]);
  });

  it('of the gradients is with respect to the effective weight', async () => {
    // The gradient of w² is 2w, at the masked weight 0 and not at the 2 that was there before.
    const squares = (): tf.Scalar => tf.add(tf.sum(tf.square(w)), tf.sum(b));
    const gradients: number[][] = [];
    const decide: PruningMethod['decide'] = ({ layers }) => {
      gradients.push([...layers[0]!.gradient!]);
      return { state: null };
    };
    const method = scripted({ plan: observeAt(0, 'gradients'), decide });
    await withSession(method, { masks: masks('1011') }, async session => void (await session.step(squares)));
    expect(gradients).toEqual([[2, 0, 6, 8]]);
  });

  it('of samples streams as many example gradients as the plan asks for, not more', async () => {
    const sums: number[] = [];
    const method = scripted({
      plan: ({ position }) => (position === 0 ? { observe: { kind: 'samples', count: 2 } } : {}),
      decide: async ({ samples }) => {
        for await (const gradients of samples!) sums.push(gradients.get('w')![3]!);
        return { state: null };
      },
    });
    function* exampleLosses(): Generator<() => tf.Scalar> {
      for (let scale = 1; scale < 9; scale++) yield () => tf.mul(loss(), scale);
    }
    await withSession(method, { exampleLosses }, async session => void (await session.step(loss)));
    expect(sums).toEqual([8, 16]);
  });

  it('of samples fails before the update if there are no example losses', async () => {
    const method = scripted({ plan: () => ({ observe: { kind: 'samples', count: 1 } }) });
    await withSession(method, {}, async session => {
      const zero = tf.zeros([2, 2]);
      const gradients = [w, b].map(({ name }) => ({ name, tensor: zero }));
      expect(() => session.optimizer.applyGradients(gradients)).toThrow(MissingExampleLossesError);
      zero.dispose();
      await session.settle();
      expect(session.clock.step).toBe(0);
    });
  });
});
