import { InvalidOptionError, type LearningRateSegment } from '@espalier/core';
import { requirePhase } from './require-phase.js';
import type { RetrainingPhase } from './retraining-schedule.js';
import { replay } from './segments.js';

/**
 * LRW: the rates of the last `n` steps of dense training, replayed, where `n` is the length of the phase.
 *
 * A phase longer than dense training is refused; the paper's code takes a wrong stretch then.
 *
 * Source: Renda et al. 2020, {@link https://arxiv.org/abs/2003.02389}.
 *
 * @param phase - The phase.
 * @returns The recorded rates; runs of equal ones as constant segments.
 * @throws {@link @espalier/core!InvalidOptionError} if it is no phase, or has more steps than dense training had;
 *   {@link iterativeMagnitude} throws it when the method is created.
 *
 * @example
 * ```ts
 * import { stepwise } from '@espalier/core';
 * import { iterativeMagnitude, learningRateRewinding } from '@espalier/prune-magnitude';
 *
 * const method = iterativeMagnitude({
 *   sparsity: 0.9,
 *   phases: 2,
 *   denseSchedule: stepwise({ from: 0.1, milestones: [500] }),
 *   denseSteps: 900,
 *   retrainSteps: { perPhase: 600 },
 *   retraining: learningRateRewinding, // 200 steps at 0.1, 400 at 0.01, twice
 * });
 * ```
 */
export function learningRateRewinding(phase: RetrainingPhase): readonly LearningRateSegment[] {
  requirePhase(phase);
  const { steps, dense } = phase;
  if (steps > dense.steps) {
    throw new InvalidOptionError('retrainSteps', steps, `at most denseSteps (${dense.steps}) in a phase of rewinding`);
  }
  return replay(Array.from({ length: steps }, (_, j) => dense.schedule(dense.steps - steps + j)));
}
