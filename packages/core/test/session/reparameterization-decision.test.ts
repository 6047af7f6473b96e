import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { InvalidDecisionError, UnknownLayerError } from '../../src/errors/index.js';
import type { Decision } from '../../src/method/decision.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import type { Reparameterization } from '../../src/method/reparameterization.js';
import { disposeOptimizer } from '../../src/tfjs/optimizer/dispose-optimizer.js';
import { scored, softThreshold, straightThrough } from '../toys/toy-hooks.js';
import { loss, masks, optimizer, replace, scripted, useRig, values, w, withSession } from './rig.js';

useRig();

const state = null;
const given = (...numbers: number[]): Decision['weights'] & object => new Map([['w', Float32Array.of(...numbers)]]);
const deciding = (reparameterization: Reparameterization, ...decisions: Omit<Decision, 'state'>[]): PruningMethod =>
  scripted({
    reparameterization,
    plan: ({ position }) => (position < decisions.length ? { observe: { kind: 'weights' } } : {}),
    decide: ({ clock }) => ({ state, ...decisions[clock.position] }),
  });

describe('while a reparameterization is in force, a decision', () => {
  it('sets raw weights and parameters, from which the effective weights follow', async () => {
    const decision = { weights: given(9, -8, 7, -6), parameters: new Map([['w', { threshold: 7.5 }]]) };
    await withSession(deciding(softThreshold(1), decision), {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([1.5, -0.5, 0, -0]); // sign(-6) · 0
    });
  });

  it('that masks raw weights sets them to 0, and entries that grow back start there', async () => {
    const decisions = [{ masks: masks('0111') }, { masks: masks('1111') }];
    await withSession(deciding(straightThrough('raw'), ...decisions), {}, async session => {
      await session.step(loss); // [0, 0, -1, -4]
      await session.step(loss);
      expect(await values(w)).toEqual([0, -2, -5, -12]);
    });
  });

  it('that masks effective weights keeps raw ones, which show when entries grow back', async () => {
    const decisions = [{ masks: masks('0111'), weights: given(5, 6, 7, 8) }, { masks: masks('1111') }];
    await withSession(deciding(straightThrough('effective'), ...decisions), {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 6, 7, 8]);
      await session.step(loss);
      expect(await values(w)).toEqual([4, 4, 3, 0]);
    });
  });

  it('bakes: effective weights become the weights, masked slots are clean, and training is ordinary from then on', async () => {
    disposeOptimizer(optimizer);
    replace({ optimizer: tf.train.momentum(1, 0.5) });
    const seen: unknown[] = [];
    const method = scripted({
      reparameterization: softThreshold(1.5),
      plan: ({ position }) => (position < 2 ? { observe: { kind: 'weights' } } : {}),
      decide: ({ layers: [layer], clock }) => {
        seen.push(layer!.raw && [...layer!.raw], layer!.parameters);
        return clock.position === 0 ? { state, masks: masks('0011'), bake: true } : { state, snapshot: 'now' };
      },
    });
    await withSession(method, { learningRate: () => 0.125 }, async session => {
      const tensors = tf.memory().numTensors;
      await session.step(loss);
      // passed [0, 2, 4, 8], dL/dt = -14: t 3.25; raw [1, 1.75, 2.5, 3] and so all effective weights 0
      expect(await values(w)).toEqual([0, 0, 0, 0]);
      const { slots, reparameterization } = await session.checkpoint();
      expect(reparameterization).toBeUndefined();
      expect(slots.map(({ weight, values: each }) => [weight, [...each]])).toEqual([
        ['w', [0, 0, 4, 8]],
        ['b', [1, 1]],
      ]);
      // raw weight and threshold are gone; a mask, its zeros and two slots came
      expect(tf.memory().numTensors).toBe(tensors - 2 + 4);
      await session.step(loss);
      // v = v/2 + g at the active entries: [6, 12] · 0.125
      expect(await values(w)).toEqual([0, 0, -0.75, -1.5]);
      expect([...(await session.checkpoint()).snapshots.keys()]).toEqual(['now']);
    });
    expect(seen).toEqual([[1, 1.75, 2.5, 3], { threshold: 3.25 }, undefined, undefined]);
  });

  it('sets parameters per weight, which a copy of its own holds', async () => {
    const scores = Float32Array.of(1, 2, 3, 4);
    const seen: unknown[] = [];
    const method = scripted({
      reparameterization: scored(),
      plan: ({ position }) => (position < 2 ? { observe: { kind: 'weights' } } : {}),
      decide: ({ layers: [layer], clock }) => {
        seen.push([...layer!.weightParameters!.scores!], layer!.parameters);
        return clock.position === 0 ? { state, weightParameters: new Map([['w', { scores }]]) } : { state };
      },
    });
    await withSession(method, {}, async session => {
      await session.step(loss);
      scores.fill(9);
      await session.step(loss);
    });
    // s -= g · w with g = [1, 2, 4, 8]: w = [1, 2, 3, 4] first, then w - g = [0, 0, -1, -4].
    expect(seen).toEqual([[-1, -4, -12, -32], {}, [1, 2, 3 + 4, 4 + 32], {}]);
  });

  it('may bake at once, before any step', async () => {
    const method = scripted({ reparameterization: softThreshold(2), start: () => ({ state, bake: true }) });
    await withSession(method, {}, async session => {
      expect(await values(w)).toEqual([0, 0, 1, 2]);
      await session.step(loss);
      expect(await values(w)).toEqual([-1, -2, -3, -6]);
    });
  });

  it('resets the slots of parameters too', async () => {
    disposeOptimizer(optimizer);
    replace({ optimizer: tf.train.momentum(1, 0.5) });
    await withSession(deciding(softThreshold(1), { slots: 'reset' }), {}, async session => {
      await session.step(loss);
      const { reparameterization } = await session.checkpoint();
      // passed [0, 2, 4, 8]: t = 1 + 14
      expect(reparameterization!.parameters).toEqual([
        { weight: 'w', name: 'threshold', slots: ['momentum'], values: Float32Array.of(15, 0) },
      ]);
    });
  });

  const refused = async (reparameterization: Reparameterization, decision: object, error: unknown): Promise<void> => {
    const start = (): Decision => ({ state, ...decision });
    const method = scripted({ reparameterization, start });
    await expect(withSession(method, {}, () => {})).rejects.toThrow(error as RegExp);
    expect(await values(w), 'weights are given back').toEqual([1, 2, 3, 4]);
  };

  it('is refused if it snapshots, rewinds, or sets what is not there', async () => {
    const hook = softThreshold(1);
    await refused(hook, { snapshot: 'now' }, /reparameterization is in force. Bake in one decision/);
    await refused(hook, { snapshot: 'now', bake: true }, InvalidDecisionError);
    await refused(hook, { parameters: new Map([['w', { scale: 1 }]]) }, /no parameter "scale", but only threshold/);
    await refused(hook, { parameters: new Map([['w', { threshold: Number.NaN }]]) }, /"threshold" of "w" is NaN/);
    await refused(hook, { parameters: new Map([['w', { threshold: 1e39 }]]) }, InvalidDecisionError);
    await refused(hook, { parameters: new Map([['b', { threshold: 1 }]]) }, UnknownLayerError);
    const per = (values: unknown): object => ({ weightParameters: new Map([['w', { scores: values }]]) });
    await refused(hook, per(new Float32Array(4)), /no parameter per weight "scores", but none/);
    await refused(scored(), { parameters: new Map([['w', { scores: 1 }]]) }, /no parameter "scores", but none/);
    await refused(scored(), per([1, 2, 3, 4]), /"scores" of "w" is set to what is no Float32Array/);
    await refused(scored(), per(new Float32Array(3)), /"scores" of "w" is set to 3 numbers, not to 4/);
    await refused(scored(), per(Float32Array.of(1, 2, Infinity, 4)), /"scores" of "w" is Infinity at index 2/);
    await refused(hook, { bake: 1 }, /"bake" is neither/);
    await refused(
      straightThrough('effective'),
      { masks: masks('0111'), weights: given(Number.NaN, 1, 1, 1) },
      /weight 0/,
    );
  });

  it('is refused after the end if it bakes or sets parameters, and may snapshot and rewind', async () => {
    for (const late of [{ bake: true }, { parameters: new Map([['w', { threshold: 1 }]]) }]) {
      await withSession(deciding(softThreshold(1), { bake: true }, late), {}, async session => {
        await session.step(loss);
        await expect(session.step(loss)).rejects.toThrow(/no reparameterization is in force/);
      });
    }
    const rewinds = [{ bake: true }, { snapshot: 'x' }, { rewind: { snapshot: 'x', restore: 'all' } }] as const;
    await withSession(deciding(softThreshold(1), ...rewinds), {}, async session => {
      await session.step(loss);
      await session.step(loss);
      const before = await values(w);
      await session.step(loss);
      expect(await values(w)).toEqual(before);
      expect(session.clock).toEqual({ step: 3, position: 2, round: 1 });
    });
  });

  it('is refused without one if it bakes or sets parameters', async () => {
    for (const decision of [{ bake: true }, { parameters: new Map() }, { weightParameters: new Map() }]) {
      const method = scripted({ start: () => ({ state, ...decision }) });
      await expect(withSession(method, {}, () => {})).rejects.toThrow(InvalidDecisionError);
    }
  });
});
