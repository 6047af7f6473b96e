import { EspalierError, type LearningRatePlan, scheduleOf, uniform, withRules } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { base, kept, run } from '../test/cuts.js';
import { type IterativeMagnitudeOptions, iterativeMagnitude, linearRestart } from './index.js';

describe('iterativeMagnitude', () => {
  it('observes weights after the last step before each cut, and at no other', () => {
    const method = iterativeMagnitude(base);
    const due = Array.from({ length: 200 }, (_, position) => position).filter(
      position => method.plan({ step: position, position, round: 0 }, null).observe,
    );
    expect(due).toEqual([89, 98, 107]);
    expect(method.target).toEqual({ sparsity: 0.9, position: 107 });
  });

  it('imp P1: phase i keeps exactly round(N (1 − p)^i) of all entries', async () => {
    // N = 1000: 1 − 0.5358 = 0.4642, 1 − 0.7846 = 0.2154, 0.1.
    const decisions = await run(base, [
      layer(
        'w',
        Array.from({ length: 1000 }, (_, i) => i + 1),
      ),
    ]);
    expect(decisions.map(kept)).toEqual([464, 215, 100]);
    expect(decisions.map(({ phase }) => phase)).toEqual([1, 2, 3].map(i => `retraining ${i} of 3`));
  });

  it('prunes a pretrained model when the session starts', async () => {
    const method = iterativeMagnitude({ ...base, start: 0, phases: 1, sparsity: 0.5 });
    const { masks, learningRate } = method.start(viewAt(0, layer('w', [1, -4, 3, 2])));
    expect([...masks!.get('w')!]).toEqual([0, 1, 1, 0]);
    expect(learningRate?.start).toBe(0);
    expect(iterativeMagnitude(base).start(viewAt(0, layer('w', [1])))).toEqual({ state: null, phase: 'dense' });
  });

  it('starts ALLR at the measured norm drop', async () => {
    // 1 and 2 of 1, 2, 3, 4 go: √(5/30) / √0.5 = 0.57735 of 0.1.
    const [decision] = await run({ ...base, phases: 1, sparsity: 0.5 }, [layer('w', [1, 2, 3, 4])]);
    expect(scheduleOf(decision!.learningRate!)(90)).toBeCloseTo(0.057735, 6);
    expect(decision!.learningRate!.start).toBe(90);
  });

  it('measures the norm anew at each cut', async () => {
    // Cut 1 of p = 0.5 as above, 3 and 4 stay: cut 2 takes 3, √(9/25) / √0.5 = 0.84853.
    const [, second] = await run({ ...base, phases: 2, sparsity: 0.75 }, [layer('w', [1, 2, 3, 4])]);
    expect(scheduleOf(second!.learningRate!)(99)).toBeCloseTo(0.084853, 6);
  });

  it('gives ALLR its lower bound if nothing is pruned (p = 0)', async () => {
    const [decision] = await run({ ...base, phases: 1, sparsity: 0 }, [layer('w', [1, 2])]);
    expect(scheduleOf(decision!.learningRate!)(90)).toBeCloseTo(0.01, 12);
  });

  it('makes one decision of phases without steps, and leaves the learning rate alone if no steps follow', async () => {
    const weights = [
      layer(
        'w',
        Array.from({ length: 1000 }, (_, i) => i + 1),
      ),
    ];
    const [first, ...others] = await run({ ...base, retrainSteps: { total: 2 } }, weights);
    expect([kept(first!), others.length, first!.phase]).toEqual([100, 0, 'retraining 3 of 3']);
    const plan = first!.learningRate as LearningRatePlan;
    expect(plan.start).toBe(90);
    // The third cut takes 101 … 215 of the largest 215 numbers: its own drop, not that of the three together.
    const squares = (from: number, to: number): number =>
      (to * (to + 1) * (2 * to + 1) - (from - 1) * from * (2 * from - 1)) / 6;
    const drop = Math.sqrt(squares(786, 900) / squares(786, 1000));
    expect(scheduleOf(plan)(90)).toBeCloseTo((0.1 * drop) / Math.sqrt(1 - 0.1 ** (1 / 3)), 6);
    const [bare] = await run({ ...base, retrainSteps: { total: 0 } }, weights);
    expect('learningRate' in bare!).toBe(false);
  });

  it('keeps the learning rate finite when weights are not', async () => {
    const [decision] = await run({ ...base, phases: 1, sparsity: 0.5 }, [
      layer('w', [Infinity, -Infinity, Infinity, 1]),
    ]);
    expect(scheduleOf(decision!.learningRate!)(90)).toBe(0.1);
  });

  it('promises nothing if layers have rules of their own', () => {
    const distribution = withRules(uniform, { dense: ['a'] });
    expect(iterativeMagnitude({ ...base, distribution }).target).toBeUndefined();
  });

  it.each<Partial<IterativeMagnitudeOptions>>([
    { sparsity: 1 },
    { phases: 0 },
    { denseSteps: 0 },
    { denseWarmUp: 90 },
    { denseSchedule: () => 0 },
    { denseSchedule: position => (position === 50 ? Number.NaN : 0.1) },
    { start: -1 },
    { retrainSteps: {} as never },
    { retraining: phase => linearRestart({ ...phase, steps: phase.steps + 1 }) },
    { retraining: phase => [{ shape: 'constant', length: phase.steps, value: -1 }] },
  ])('refuses %j when it is created', change => {
    expect(() => iterativeMagnitude({ ...base, ...change })).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
