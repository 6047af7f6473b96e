import type { LearningRateSegment } from '@espalier/core';
import { requirePhase } from './require-phase.js';
import type { RetrainingPhase } from './retraining-schedule.js';
import { decay, restart } from './segments.js';

/**
 * CLR: warm-up to the highest dense rate over `w = int(0.1 · n)` of the `n` steps, then half a cosine wave towards the
 * lowest dense rate after its warm-up: step `w + j` is at `j / (n − w)` of it, so that the last step has not quite come
 * down.
 *
 * Source: Le & Hua 2021, {@link https://arxiv.org/abs/2105.03193}.
 *
 * @param phase - The phase.
 * @returns Warm-up and decay.
 * @throws {@link @espalier/core!InvalidOptionError} if it is no phase.
 *
 * @example
 * ```ts
 * import { stepwise } from '@espalier/core';
 * import { cyclicRestart, iterativeMagnitude } from '@espalier/prune-magnitude';
 *
 * const method = iterativeMagnitude({
 *   sparsity: 0.9,
 *   phases: 3,
 *   denseSchedule: stepwise({ from: 0.1, milestones: [300, 600] }),
 *   denseSteps: 900,
 *   retrainSteps: { perPhase: 100 },
 *   retraining: cyclicRestart, // from 0.1 towards 0.001 in each phase
 * });
 * ```
 */
export function cyclicRestart(phase: RetrainingPhase): readonly LearningRateSegment[] {
  requirePhase(phase);
  const { highest, lowest } = phase.dense;
  return restart(phase.steps, highest, steps => decay('cosine', steps, highest, lowest));
}
