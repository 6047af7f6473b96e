import type { LearningRateSegment } from '@espalier/core';
import { requirePhase } from './require-phase.js';
import type { RetrainingPhase } from './retraining-schedule.js';

/**
 * FT: the lowest rate of dense training after its warm-up, constant.
 *
 * It presumes a dense schedule of steps. One that decays to 0 leaves a rate of almost 0, and the model barely trains.
 *
 * Source: Han et al. 2015, {@link https://arxiv.org/abs/1506.02626}; Zimmer et al. 2023,
 * {@link https://arxiv.org/abs/2111.00843}.
 *
 * @param phase - The phase.
 * @returns One constant segment.
 * @throws {@link @espalier/core!InvalidOptionError} if it is no phase.
 *
 * @example
 * ```ts
 * import { stepwise } from '@espalier/core';
 * import { fineTuning, iterativeMagnitude } from '@espalier/prune-magnitude';
 *
 * const method = iterativeMagnitude({
 *   sparsity: 0.9,
 *   phases: 3,
 *   denseSchedule: stepwise({ from: 0.1, milestones: [300, 600] }),
 *   denseSteps: 900,
 *   retrainSteps: { perPhase: 90 },
 *   retraining: fineTuning, // 0.001 on each of the 270 steps
 * });
 * ```
 */
export function fineTuning(phase: RetrainingPhase): readonly LearningRateSegment[] {
  requirePhase(phase);
  return [{ shape: 'constant', length: phase.steps, value: phase.dense.lowest }];
}
