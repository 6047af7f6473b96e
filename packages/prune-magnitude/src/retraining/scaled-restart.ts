import type { LearningRateSegment } from '@espalier/core';
import { requirePhase } from './require-phase.js';
import type { RetrainingPhase } from './retraining-schedule.js';
import { replay, restart } from './segments.js';

/**
 * SLR: warm-up to the highest dense rate, then the dense schedule compressed to the `m` steps that are left: step `j`
 * has the rate of dense step `int(j · T / m)`. Dense steps of warm-up count as the highest rate.
 *
 * The warm-up takes `int(0.1 · n)` of the `n` steps and is shaped like a cosine. The paper's code intends it, but its
 * scheduler overwrites the rate, so it trains at the highest rate from the first step.
 *
 * Source: Le & Hua 2021, {@link https://arxiv.org/abs/2105.03193}.
 *
 * @param phase - The phase.
 * @returns Warm-up, then the compressed rates; runs of equal ones as constant segments.
 * @throws {@link @espalier/core!InvalidOptionError} if it is no phase.
 *
 * @example
 * ```ts
 * import { stepwise } from '@espalier/core';
 * import { iterativeMagnitude, scaledRestart } from '@espalier/prune-magnitude';
 *
 * const method = iterativeMagnitude({
 *   sparsity: 0.9,
 *   phases: 3,
 *   denseSchedule: stepwise({ from: 0.1, milestones: [300, 600] }),
 *   denseSteps: 900,
 *   retrainSteps: { perPhase: 100 },
 *   retraining: scaledRestart, // 10 steps of warm-up, then 30 each at 0.1, 0.01 and 0.001
 * });
 * ```
 */
export function scaledRestart(phase: RetrainingPhase): readonly LearningRateSegment[] {
  requirePhase(phase);
  const { schedule, steps: denseSteps, warmUp, highest } = phase.dense;
  const rateAt = (step: number): number => (step < warmUp ? highest : schedule(step));
  return restart(phase.steps, highest, steps =>
    replay(Array.from({ length: steps }, (_, j) => rateAt(Math.floor((j * denseSteps) / steps)))),
  );
}
