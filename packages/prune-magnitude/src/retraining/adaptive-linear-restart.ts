import type { LearningRateSegment } from '@espalier/core';
import { requirePhase } from './require-phase.js';
import type { RetrainingPhase } from './retraining-schedule.js';
import { decay, restart } from './segments.js';

/**
 * ALLR: {@link linearRestart} from a rate that fits the damage. With `d` the relative L2 norm that pruning removed and
 * `p` the fraction of the remaining weights that it took, the rate starts at `d / √p` times the highest dense rate, but
 * at no less than `min(n / T, 1)` times it, for `n` steps of this phase and `T` of dense training, and at no more than
 * all of it.
 *
 * If all weights were equal, `d` would be `√p`; magnitude pruning takes the small ones, so the factor lies in [0, 1]
 * and grows with the damage. With `p = 0`, where the paper's code divides by 0, the lower bound holds.
 *
 * The paper measures `d` over all parameters, with biases and batch normalization. A method sees prunable weights
 * alone, and so `d` and the start rate are slightly larger here.
 *
 * Source: Zimmer et al. 2023, {@link https://arxiv.org/abs/2111.00843}, section 3.
 *
 * @param phase - The phase.
 * @returns Warm-up over `int(0.1 · n)` steps, and a straight line to 0, which would come one step after the last.
 * @throws {@link @espalier/core!InvalidOptionError} if it is no phase.
 *
 * @example
 * ```ts
 * import { linear } from '@espalier/core';
 * import { adaptiveLinearRestart, iterativeMagnitude } from '@espalier/prune-magnitude';
 *
 * const method = iterativeMagnitude({
 *   sparsity: 0.9,
 *   phases: 3,
 *   denseSchedule: linear({ from: 0.1, to: 0, start: 0, end: 900 }),
 *   denseSteps: 900,
 *   retrainSteps: { perPhase: 100 },
 *   retraining: adaptiveLinearRestart, // the default; starts between 0.1 · 100/900 and 0.1
 * });
 * ```
 */
export function adaptiveLinearRestart(phase: RetrainingPhase): readonly LearningRateSegment[] {
  requirePhase(phase);
  const { steps, dense, prunedFraction, normDrop } = phase;
  const damage = prunedFraction > 0 ? normDrop / Math.sqrt(prunedFraction) : 0;
  const factor = Math.min(1, Math.max(damage, steps / dense.steps));
  const rate = factor * dense.highest;
  return restart(steps, rate, rest => decay('linear', rest, rate, 0));
}
