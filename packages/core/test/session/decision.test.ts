import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { InvalidDecisionError, ShapeMismatchError, UnknownLayerError } from '../../src/errors/index.js';
import { fixed } from '../../src/method/fixed.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import { maskOf } from '../../src/testing/mask-of.js';
import { b, loss, masks, observeAt, scripted, useRig, values, w, withSession } from './rig.js';

useRig();

describe('a decision', () => {
  it('sets pruned weights to 0, grown ones to 0, and tells what changed', async () => {
    const events: unknown[] = [];
    const method = scripted({
      start: () => ({ state: null, masks: masks('0111'), phase: 'first' }),
      plan: observeAt(0, 'clock'),
      decide: () => ({ state: null, masks: masks('1001') }),
    });
    await withSession(method, { onDecision: event => events.push(event) }, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 0, 0, -4]);
      expect(session.sparsity).toBe(0.5);
      expect(session.phase).toBe('first');
    });
    expect(events).toEqual([
      { clock: { step: 0, position: 0, round: 0 }, phase: 'first', sparsity: 0.25, changed: { pruned: 1, grown: 0 } },
      { clock: { step: 1, position: 1, round: 0 }, phase: 'first', sparsity: 0.5, changed: { pruned: 2, grown: 1 } },
    ]);
  });

  it('may set weights, but never masked ones', async () => {
    const start: PruningMethod['start'] = () => ({
      state: null,
      masks: masks('1101'),
      weights: new Map([['w', Float32Array.of(7, 8, Number.NaN, 10)]]),
    });
    await withSession(scripted({ start }), {}, async () => expect(await values(w)).toEqual([7, 8, 0, 10]));
  });

  it('may set weights of a layer that keeps its mask', async () => {
    const method = scripted({
      start: () => ({ state: null, masks: masks('1101') }),
      plan: observeAt(0, 'clock'),
      decide: () => ({ state: null, weights: new Map([['w', Float32Array.of(7, 8, 9, 10)]]) }),
    });
    await withSession(method, {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([7, 8, 0, 10]);
    });
  });

  it('costs no tensors for layers with nothing masked', async () => {
    const tensors = tf.memory().numTensors;
    await withSession(fixed({ masks: masks('1111') }) as PruningMethod, {}, () => {
      expect(tf.memory().numTensors).toBe(tensors);
    });
  });

  it('keeps weights of its own, whatever the method does with its arrays later', async () => {
    const shared = Float32Array.of(1, 1, 1, 1);
    const method = scripted({
      start: () => ({ state: null, weights: new Map([['w', shared]]) }),
      plan: observeAt(0, 'weights'),
      decide: ({ layers }) => {
        layers[0]?.weights.fill(50);
        return { state: null };
      },
    });
    await withSession(method, {}, async session => {
      shared.fill(40);
      await session.step(loss);
      expect(await values(w)).toEqual([0, -1, -3, -7]);
    });
  });

  it('may mask a whole layer', async () => {
    await withSession(fixed({ masks: masks('0000') }) as PruningMethod, {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 0, 0, 0]);
      expect(session.sparsity).toBe(1);
    });
  });

  it('goes back to a snapshot and masks it, counting a round', async () => {
    const method = scripted({
      start: () => ({ state: null, snapshot: 'start' }),
      plan: observeAt(1, 'weights'),
      decide: () => ({ state: null, rewind: { snapshot: 'start', restore: 'all' }, masks: masks('1110') }),
    });
    await withSession(method, {}, async session => {
      await session.step(loss);
      await session.step(loss);
      expect(await values(w)).toEqual([1, 2, 3, 0]);
      expect(await values(b)).toEqual([5, 6]);
      expect(session.clock).toEqual({ step: 2, position: 0, round: 1 });
    });
  });

  it('may go back in position alone', async () => {
    const method = scripted({
      plan: ({ step }) => (step === 0 || step === 2 ? { observe: { kind: 'clock' } } : {}),
      decide: ({ clock }) =>
        clock.step === 0
          ? { state: null, snapshot: 'early' }
          : { state: null, rewind: { snapshot: 'early', restore: 'position' } },
    });
    await withSession(method, {}, async session => {
      for (let i = 0; i < 3; i++) await session.step(loss);
      expect(await values(b)).toEqual([2, 3]);
      expect(session.clock).toEqual({ step: 3, position: 1, round: 1 });
    });
  });

  it('may take a snapshot and prune at once; the snapshot is from before', async () => {
    const method = scripted({
      start: () => ({ state: null, snapshot: 'dense', masks: masks('0001') }),
      plan: observeAt(0, 'clock'),
      decide: () => ({ state: null, rewind: { snapshot: 'dense', restore: 'all' }, masks: masks('1111') }),
    });
    await withSession(method, {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([1, 2, 3, 4]);
    });
  });

  const refused = async (start: PruningMethod['start'], error: unknown): Promise<void> => {
    await expect(withSession(scripted({ start }), {}, () => {})).rejects.toThrow(error as RegExp);
    expect(await values(w)).toEqual([1, 2, 3, 4]);
  };

  it('is refused whole if a part of it is wrong', async () => {
    const state = null;
    await refused(() => ({ state, masks: new Map([['nothing', maskOf('1')]]) }), UnknownLayerError);
    await refused(() => ({ state, masks: new Map([['b', maskOf('11')]]) }), UnknownLayerError);
    await refused(() => ({ state, masks: masks('101') }), ShapeMismatchError);
    await refused(() => ({ state, masks: new Map([['w', Uint8Array.of(1, 2, 1, 1)]]) }), /is 2 at index 1/);
    await refused(
      () => ({ state, masks: masks('0000'), rewind: { snapshot: 'x', restore: 'all' } }),
      InvalidDecisionError,
    );
    await refused(
      () => ({ state, weights: new Map([['w', Float32Array.of(1, 2, 3, Number.NaN)]]) }),
      /weight 3 of "w" is NaN/,
    );
    await refused(() => ({ state, weights: new Map([['w', Float32Array.of(1)]]) }), ShapeMismatchError);
    await refused(() => ({ state, slots: 'forget' as 'keep' }), /slots/);
    await refused(() => ({ state, snapshot: '' }), /snapshot has no name/);
    await refused(() => ({ state, learningRate: { start: 0, segments: [] } }), /segments/);
    await refused(
      () => ({ state, learningRate: { start: 0, segments: [{ shape: 'constant', length: 0, value: 1 }] } }),
      /segments\[0\]\.length" is 0/,
    );
    await refused(
      () => ({ state, learningRate: { start: 0, segments: [{ shape: 'constant', length: 1, value: Number.NaN }] } }),
      /segments\[0\]\.value" is NaN/,
    );
    await refused(() => ({}) as ReturnType<PruningMethod['start']>, /no state/);
  });

  it('leaves the step open if the method throws, so that settle can be tried again', async () => {
    let failures = 1;
    const method = scripted({
      plan: observeAt(0, 'gradients'),
      decide: () => {
        if (failures-- > 0) throw new RangeError('once');
        return { state: null, masks: masks('0111') };
      },
    });
    await withSession(method, {}, async session => {
      await expect(session.step(loss)).rejects.toThrow(RangeError);
      expect(session.clock.step).toBe(0);
      await session.settle();
      expect(session.clock.step).toBe(1);
      expect(session.sparsity).toBe(0.25);
    });
  });

  it('is taken once, however often settle is called meanwhile', async () => {
    let decisions = 0;
    const decide: PruningMethod['decide'] = () => {
      decisions++;
      return { state: null };
    };
    await withSession(scripted({ plan: observeAt(0, 'weights'), decide }), {}, async session => {
      session.optimizer.minimize(loss);
      await Promise.all([session.settle(), session.settle(), session.settle()]);
      await session.settle();
      expect(decisions).toBe(1);
      expect(session.clock.step).toBe(1);
    });
  });

  it('keeps masks of its own, whatever the method does with its arrays later', async () => {
    const shared = maskOf('1011');
    await withSession(fixed({ masks: new Map([['w', shared]]) }) as PruningMethod, {}, async session => {
      shared.fill(0);
      await session.step(loss);
      expect(await values(w)).toEqual([0, 0, -1, -4]);
      expect(session.masks.get('w')).toEqual(maskOf('1011'));
    });
  });
});
