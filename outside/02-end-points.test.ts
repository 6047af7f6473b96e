import { cosine, gradualSparsity, keptCount, linear, type Schedule, scheduleOf, stepwise } from '@espalier/core';
import {
  adaptiveLinearRestart,
  bimpBudget,
  cyclicRestart,
  fineTuning,
  iterativeMagnitude,
  learningRateRewinding,
  linearRestart,
  type RetrainingSchedule,
  scaledRestart,
} from '@espalier/prune-magnitude';
import { expect, it } from 'vitest';

/** Number 2: what every schedule has at its first and last step, compared with the code that it comes from. */
const dense = {
  schedule: stepwise({ from: 0.1, milestones: [30, 60] }),
  steps: 90,
  warmUp: 0,
  highest: 0.1,
  lowest: 0.001,
};
const rates = (retraining: RetrainingSchedule, steps: number): number[] => {
  const rate = scheduleOf({ start: 0, segments: retraining({ steps, dense, prunedFraction: 0.5, normDrop: 0.9 }) });
  return Array.from({ length: steps }, (_, step) => rate(step));
};
const close = (values: readonly number[]): unknown[] => values.map(value => expect.closeTo(value, 10));

it.each([
  [linearRestart, [0.1, 0.05]],
  [adaptiveLinearRestart, [0.1, 0.05]],
  [cyclicRestart, [0.1, 0.0505]],
  [fineTuning, [0.001, 0.001]],
  [learningRateRewinding, [0.001, 0.001]],
  [scaledRestart, [0.1, 0.01]], // dense steps 0 and int(1 · 90/2) = 45
])('%o of two steps', (retraining, expected) => {
  expect(rates(retraining, 2)).toEqual(close(expected));
});

it('a warm-up takes its steps from the decay: n = 20, w = 2', () => {
  // 0.1 (1 − cos(π j/2))/2 = 0, 0.05; then 18 steps of 1 − j/18.
  const decay = Array.from({ length: 18 }, (_, j) => 0.1 * (1 - j / 18));
  expect(rates(linearRestart, 20)).toEqual(close([0, 0.05, ...decay]));
});

it('every phase of a run gets these rates', async () => {
  const method = iterativeMagnitude({
    sparsity: 0.75,
    phases: 2,
    denseSteps: 4,
    start: 0,
    retraining: linearRestart,
    denseSchedule: () => 0.1,
    retrainSteps: { perPhase: 2 },
  });
  const weights = Float32Array.of(4, 3, 2, 1);
  const layer = { name: 'w', shape: [4], size: 4, weights, mask: new Uint8Array(4).fill(1) };
  const { learningRate } = method.start({ layers: [layer] } as never);
  expect(learningRate && [0, 1].map(scheduleOf(learningRate))).toEqual(close([0.1, 0.05]));
});

it('ramps of a value by step come to their end at the end, so a run of n steps never trains at it', () => {
  const last = (rate: Schedule): number => rate(9);
  expect(last(linear({ from: 1, to: 0, start: 0, end: 10 }))).toBeCloseTo(0.1, 12);
  expect(last(cosine({ from: 1, start: 0, end: 10 }))).toBeCloseTo((1 - Math.cos(Math.PI / 10)) / 2, 12);
  const { denseSchedule, denseSteps } = bimpBudget({ steps: 20, denseFraction: 0.5, learningRate: 1 });
  expect(denseSchedule(denseSteps - 1)).toBeCloseTo(0.1, 12);
});

it('sparsity is at its target at the end of the cadence, and a half of an entry stays', () => {
  expect(gradualSparsity({ sparsity: 0.9, cadence: { start: 0, end: 100, every: 7 } })(100)).toBe(0.9);
  expect(keptCount(5, 0.5)).toBe(3);
});
