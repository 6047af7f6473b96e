import { linear, scheduleOf, stepwise } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adaptiveLinearRestart } from './adaptive-linear-restart.js';
import { cyclicRestart } from './cyclic-restart.js';
import { denseTraining } from './dense-training.js';
import { fineTuning } from './fine-tuning.js';
import { learningRateRewinding } from './learning-rate-rewinding.js';
import { linearRestart } from './linear-restart.js';
import { requireRetraining } from './require-retraining.js';
import type { RetrainingSchedule } from './retraining-schedule.js';
import { scaledRestart } from './scaled-restart.js';

// imp P3 of docs/methods/magnitude.md: 0.1 × 30, 0.01 × 30, 0.001 × 30.
const steps90 = denseTraining(stepwise({ from: 0.1, milestones: [30, 60] }), 90, 0);

/** The rates of a phase, one for each of its steps. */
function rates(retraining: RetrainingSchedule, steps: number, change: { p?: number; drop?: number } = {}): number[] {
  const { p = 0.5, drop = 0.3 } = change;
  const segments = retraining({ steps, dense: steps90, prunedFraction: p, normDrop: drop });
  const rate = scheduleOf({ start: 1000, segments });
  return Array.from({ length: steps }, (_, j) => rate(1000 + j));
}

const close = (values: readonly number[]): number[] => values.map(value => expect.closeTo(value, 10));

describe('imp P3: nine steps after 0.1 × 30, 0.01 × 30, 0.001 × 30', () => {
  it('FT trains at the lowest rate', () => expect(rates(fineTuning, 9)).toEqual(close(Array(9).fill(0.001))));

  it('LRW replays the last nine', () => expect(rates(learningRateRewinding, 9)).toEqual(close(Array(9).fill(0.001))));

  it('SLR compresses the schedule', () => {
    expect(rates(scaledRestart, 9)).toEqual(close([0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001]));
  });

  it('CLR follows a cosine from the highest to the lowest', () => {
    // 0.001 + 0.099/2 (1 + cos(π j/9)); j = 3: cos 60° = 1/2, j = 6: cos 120° = −1/2; the lowest would come at j = 9.
    const all = rates(cyclicRestart, 9);
    expect([all[0], all[3], all[6]]).toEqual(close([0.1, 0.0505 + 0.0495 / 2, 0.0505 - 0.0495 / 2]));
    expect(all[8]).toBeCloseTo(0.0505 + 0.0495 * Math.cos((8 * Math.PI) / 9), 10);
    expect(rates(cyclicRestart, 2)).toEqual(close([0.1, 0.0505]));
    expect(rates(cyclicRestart, 1)).toEqual(close([0.1]));
  });

  it('LLR falls from 0.1 to 0', () => {
    expect(rates(linearRestart, 9)).toEqual(close([9, 8, 7, 6, 5, 4, 3, 2, 1].map(left => (0.1 * left) / 9)));
    expect(rates(linearRestart, 2)).toEqual(close([0.1, 0.05]));
    expect(rates(linearRestart, 1)).toEqual(close([0.1]));
  });

  it('ALLR starts at 0.1 · 9/90 or above', () => {
    expect(rates(adaptiveLinearRestart, 9, { drop: 0 })[0]).toBeCloseTo(0.01, 10);
    // 0.3/√0.5 = 0.42426.
    expect(rates(adaptiveLinearRestart, 9, { drop: 0.3 })[0]).toBeCloseTo(0.042426, 6);
  });
});

describe('the warm-up of a restart', () => {
  it('rises over a tenth of the steps from 0 along a cosine', () => {
    // n = 45: w = int(4.5) = 4; 0.1 (1 − cos(π j/4))/2 = 0, 0.014645, 0.05, 0.085355; then 0.1.
    for (const retraining of [scaledRestart, cyclicRestart, linearRestart]) {
      const [a, b, c, d, e] = rates(retraining, 45);
      expect([a, b, c, d, e]).toEqual([0, 0.0146447, 0.05, 0.0853553, 0.1].map(value => expect.closeTo(value, 6)));
    }
  });

  it('rises to the rate at which ALLR starts, not above', () => {
    // n = 45 of T = 90: at least 0.05.
    const all = rates(adaptiveLinearRestart, 45, { drop: 0 });
    expect(all.slice(0, 5)).toEqual([0, 0.00732233, 0.025, 0.0426777, 0.05].map(value => expect.closeTo(value, 6)));
    expect(Math.max(...all)).toBeCloseTo(0.05, 10);
  });

  it('is missing from FT and LRW', () => {
    expect(rates(fineTuning, 50)[0]).toBeCloseTo(0.001, 10);
    expect(rates(learningRateRewinding, 90)[0]).toBe(0.1);
  });
});

/*
 * The paper's code: CosineAnnealingLR(T_max = w, from 0 to the start rate) steps up to w, then the main scheduler takes
 * over at its own step 1 (SequentialSchedulers.step with milestone w + 1), over T_max = total_iters = n − w. So
 * iteration w has the start rate, and w + k the decay at k / (n − w).
 */
it('CLR, LLR and ALLR have the rates of the code of the paper at every step', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), steps => {
      const w = Math.trunc(0.1 * steps);
      const reference = (start: number, end: number, shape: (progress: number) => number): number[] =>
        Array.from({ length: steps }, (_, t) =>
          t < w
            ? (start * (1 - Math.cos((Math.PI * t) / w))) / 2
            : end + (start - end) * (1 - shape((t - w) / (steps - w))),
        );
      const half = (progress: number): number => (1 - Math.cos(Math.PI * progress)) / 2;
      const line = (progress: number): number => progress;
      const start = 0.1 * Math.min(1, Math.max(0.3 / Math.sqrt(0.5), steps / 90));
      expect(rates(cyclicRestart, steps)).toEqual(close(reference(0.1, 0.001, half)));
      expect(rates(linearRestart, steps)).toEqual(close(reference(0.1, 0, line)));
      expect(rates(adaptiveLinearRestart, steps)).toEqual(close(reference(start, 0, line)));
    }),
  );
});

it('no restart trains at the rate that it comes to, which the step after the phase has', () => {
  for (const [retraining, end] of [
    [cyclicRestart, 0.001],
    [linearRestart, 0],
    [adaptiveLinearRestart, 0],
  ] as const) {
    const all = rates(retraining, 45);
    expect(Math.min(...all.slice(4))).toBeGreaterThan(end + 1e-6);
    const segments = retraining({ steps: 45, dense: steps90, prunedFraction: 0.5, normDrop: 0.3 });
    expect(scheduleOf({ start: 0, segments })(45)).toBeCloseTo(end, 12);
  }
});

it('SLR counts the warm-up of dense training as the highest rate', () => {
  // Dense: 0.02, 0.04 (warm-up), then 0.1, 0.01; with n = 4 and w = 0 it is taken as it is, but for the warm-up.
  const dense = denseTraining(position => [0.02, 0.04, 0.1, 0.01][position] ?? 0, 4, 2);
  const rate = scheduleOf({ start: 0, segments: scaledRestart({ steps: 4, dense, prunedFraction: 0.5, normDrop: 0 }) });
  expect([0, 1, 2, 3].map(rate)).toEqual([0.1, 0.1, 0.1, 0.01]);
});

it('the lowest rate leaves the warm-up of dense training out', () => {
  const warm = denseTraining(position => [0.001, 0.1, 0.01][position] ?? 0, 3, 1);
  expect([warm.highest, warm.lowest]).toEqual([0.1, 0.01]);
});

it('LRW replays a smooth schedule value by value', () => {
  const dense = denseTraining(linear({ from: 1, to: 0, start: 0, end: 10 }), 10, 0);
  const segments = learningRateRewinding({ steps: 3, dense, prunedFraction: 0.5, normDrop: 0 });
  expect(segments).toEqual([{ shape: 'values', values: close([0.3, 0.2, 0.1]) }]);
});

it('LRW refuses a phase longer than dense training', () => {
  expect(() => rates(learningRateRewinding, 91)).toThrow(/retrainSteps.*at most denseSteps \(90\)/);
});

const anyPhase = fc.record({
  steps: fc.integer({ min: 1, max: 300 }),
  p: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.double({ min: 0, max: 1, noNaN: true }),
});

it('imp P4: ALLR starts within [min(n/T, 1), 1] of the highest rate, at the top if n ≥ T, at the bottom if p = 0', () => {
  fc.assert(
    fc.property(anyPhase, ({ steps, p, drop }) => {
      const start = Math.max(...rates(adaptiveLinearRestart, steps, { p, drop }));
      const least = Math.min(steps / 90, 1) * 0.1;
      expect(start).toBeGreaterThanOrEqual(least - 1e-12);
      expect(start).toBeLessThanOrEqual(0.1);
      if (steps >= 90) expect(start).toBe(0.1);
      expect(Math.max(...rates(adaptiveLinearRestart, steps, { p: 0, drop }))).toBeCloseTo(least, 12);
      expect(Math.max(...rates(adaptiveLinearRestart, steps, { p, drop: 0 }))).toBeCloseTo(least, 12);
    }),
  );
});

it('imp P6: LLR and ALLR end at no more than the highest rate divided by the steps of the decay', () => {
  fc.assert(
    fc.property(anyPhase, ({ steps, ...change }) => {
      for (const retraining of [linearRestart, adaptiveLinearRestart]) {
        expect(rates(retraining, steps, change)[steps - 1]).toBeLessThanOrEqual(
          0.1 / (steps - Math.trunc(0.1 * steps)) + 1e-12,
        );
      }
    }),
  );
});

it('plans exactly the steps of the phase, whatever the length', () => {
  const all = [fineTuning, learningRateRewinding, scaledRestart, cyclicRestart, linearRestart, adaptiveLinearRestart];
  const lengths = Array.from({ length: 90 }, (_, i) => i + 1);
  for (const retraining of all) expect(() => requireRetraining(retraining, lengths, steps90, 0.5)).not.toThrow();
  const short: RetrainingSchedule = () => [{ shape: 'constant', length: 4, value: 0.1 }];
  expect(() => requireRetraining(short, [5], steps90, 0.5)).toThrow(/a schedule of 5 steps; it plans 4/);
});
