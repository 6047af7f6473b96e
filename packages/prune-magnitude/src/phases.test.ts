import { InvalidOptionError } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bimpBudget } from './index.js';
import { fractionPerPhase, phasesOf, stepsOfPhases } from './phases.js';

describe('phases', () => {
  it.each([
    // docs/methods/magnitude.md (Iterative pruning).
    { sparsity: 0.9, phases: 3, expected: [0.5358, 0.7846, 0.9] },
    { sparsity: 0.98, phases: 5, expected: [0.5427, 0.7909, 0.9044, 0.9563, 0.98] },
    { sparsity: 0.9, phases: 1, expected: [0.9] },
  ])('reach the golden sparsities of $sparsity in $phases', ({ sparsity, phases, expected }) => {
    const reached = phasesOf(sparsity, 0, Array(phases).fill(1)).map(phase => phase.sparsity);
    expect(reached).toEqual(expected.map(value => expect.closeTo(value, 4)));
    expect(reached[phases - 1]).toBe(sparsity);
    const p = fractionPerPhase(sparsity, phases);
    expect(reached).toEqual(reached.map((_, i) => expect.closeTo(1 - (1 - p) ** (i + 1), 10)));
  });

  it('imp P7: ten steps in three phases are 3, 3, 4', () => {
    expect(stepsOfPhases({ total: 10 }, 3)).toEqual([3, 3, 4]);
    expect(stepsOfPhases({ total: 2 }, 3)).toEqual([0, 0, 2]);
    expect(stepsOfPhases({ perPhase: 10 }, 3)).toEqual([10, 10, 10]);
  });

  it('begin where the retraining of the one before ends', () => {
    expect(phasesOf(0.9, 90, [3, 3, 4]).map(({ begin }) => begin)).toEqual([90, 93, 96]);
  });

  it('are taken from a list as they stand', () => {
    // 85 epochs of 391 steps as the authors of BIMP split them: 20, 20, 20 and 25.
    expect(stepsOfPhases([7820, 7820, 7820, 9775], 4)).toEqual([7820, 7820, 7820, 9775]);
    expect(stepsOfPhases([0, 3], 2)).toEqual([0, 3]);
  });

  it.each([[[1, 2]], [[1, 2, 3, 4]], [[1, -1, 2]], [[1, 1.5, 2]], [[]], [['1', 2, 3]]])(
    'refuse the list %j for three phases',
    steps => {
      expect(() => stepsOfPhases(steps as number[], 3)).toThrow(InvalidOptionError);
    },
  );

  it.each([{}, { perPhase: 1, total: 1 }, { perPhase: -1 }, { total: 1.5 }, null])('refuse %j as retraining', steps => {
    expect(() => stepsOfPhases(steps as never, 3)).toThrow(InvalidOptionError);
  });
});

describe('bimpBudget', () => {
  it('spends a budget on dense training with a linear decay, and the rest on retraining', () => {
    const { denseSteps, retrainSteps, denseSchedule } = bimpBudget({
      steps: 1000,
      denseFraction: 0.7,
      learningRate: 0.2,
    });
    expect({ denseSteps, retrainSteps }).toEqual({ denseSteps: 700, retrainSteps: { total: 300 } });
    expect([0, 350, 700].map(denseSchedule)).toEqual([0.2, expect.closeTo(0.1, 12), 0]);
  });

  it('spends all of it, and leaves neither part empty', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5000 }),
        fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
        (steps, denseFraction) => {
          const { denseSteps, retrainSteps } = bimpBudget({ steps, denseFraction, learningRate: 1 });
          expect(denseSteps + retrainSteps.total).toBe(steps);
          expect(Math.min(denseSteps, retrainSteps.total)).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });

  it.each([
    { steps: 1, denseFraction: 0.5, learningRate: 0.1 },
    { steps: 10, denseFraction: 1, learningRate: 0.1 },
    { steps: 10, denseFraction: 0.5, learningRate: 0 },
  ])('refuses %j', options => {
    expect(() => bimpBudget(options)).toThrow(InvalidOptionError);
  });
});
