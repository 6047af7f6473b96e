import type { LearningRateSegment } from '@espalier/core';
import { requirePhase } from './require-phase.js';
import type { RetrainingPhase } from './retraining-schedule.js';
import { decay, restart } from './segments.js';

/**
 * LLR: warm-up to the highest dense rate over `w = int(0.1 · n)` of the `n` steps, then a straight line to 0: step
 * `w + j` has `1 − j / (n − w)` of the rate, so that no step after the first trains at 0.
 *
 * Source: Zimmer et al. 2023, {@link https://arxiv.org/abs/2111.00843}, section 3; the line to 0 from Li et al. 2020,
 * {@link https://arxiv.org/abs/1905.04753}.
 *
 * @param phase - The phase.
 * @returns Warm-up and decay.
 * @throws {@link @espalier/core!InvalidOptionError} if it is no phase.
 *
 * @example
 * ```ts
 * import { constant } from '@espalier/core';
 * import { iterativeMagnitude, linearRestart } from '@espalier/prune-magnitude';
 *
 * const method = iterativeMagnitude({
 *   sparsity: 0.9,
 *   phases: 3,
 *   denseSchedule: constant(0.1),
 *   denseSteps: 900,
 *   retrainSteps: { perPhase: 100 },
 *   retraining: linearRestart, // from 0.1 to 0.1 / 90 in each phase
 * });
 * ```
 */
export function linearRestart(phase: RetrainingPhase): readonly LearningRateSegment[] {
  requirePhase(phase);
  const { highest } = phase.dense;
  return restart(phase.steps, highest, steps => decay('linear', steps, highest, 0));
}
