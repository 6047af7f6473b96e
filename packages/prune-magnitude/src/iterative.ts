import {
  activeMagnitude,
  checkOptions,
  type Decision,
  type Distribution,
  global,
  type LayerView,
  type PruningMethod,
  selectMasks,
} from '@espalier/core';
import { type IterativeMagnitudeOptions, iterativeRules } from './iterative-options.js';
import { relativeNormDrop } from './norm-drop.js';
import { fractionPerPhase, phasesOf, stepsOfPhases } from './phases.js';
import { adaptiveLinearRestart } from './retraining/adaptive-linear-restart.js';
import { denseTraining } from './retraining/dense-training.js';
import { requireRetraining } from './retraining/require-retraining.js';

/**
 * Iterative magnitude pruning (IMP): after dense training the active entries with the smallest `|w|` are masked for
 * good and the model is retrained, in `phases` rounds of the same fraction `1 − (1 − S)^(1/P)` of what is left, so that
 * phase `i` ends at sparsity `1 − (1 − S)^(i/P)`. Weights are never rewound.
 *
 * What the paper is about is the learning rate of retraining. It is decided at each cut and travels with the decision:
 * {@link fineTuning} (FT), {@link learningRateRewinding} (LRW), {@link scaledRestart} (SLR), {@link cyclicRestart}
 * (CLR), {@link linearRestart} (LLR) or {@link adaptiveLinearRestart} (ALLR, the default). After the last phase the
 * rate that its schedule comes to holds, which is 0 with LLR and ALLR. {@link bimpBudget} makes the options of BIMP.
 *
 * Differences from the paper's code: all counts are in steps, also in ALLR's `n / T`; the number of active entries
 * after phase `i` is exactly `round(N (1 − s_i))`, not rounded from what was left; ALLR measures the norm of the
 * prunable weights alone, since a method sees no others, so its start rate is slightly higher; SLR has the warm-up that
 * the paper's code intends; optimizer slots of masked entries are reset, those of active ones carry over; phases of 0
 * steps share one decision. Batch-norm statistics are not recalibrated after a cut, which the paper's code does without
 * saying so: call `recalibrateBatchNorm` of `@espalier/trainer` when the phase changes.
 *
 * Source: Zimmer et al. 2023, "How I Learned to Stop Worrying and Love Retraining" ("Back to Basics" in its first
 * version), {@link https://arxiv.org/abs/2111.00843}.
 *
 * @param options - Target, phases, dense training, and how to retrain.
 * @returns A method for `PruningSession.start`. Train it for `start` steps and all phases' steps; its phases are called
 *   `dense` and `retraining 1 of 3`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range, or the schedule does not fit the
 *   phases.
 *
 * @example 90 % in three phases, after 900 steps of dense training.
 * ```ts
 * import { stepwise } from '@espalier/core';
 * import { iterativeMagnitude } from '@espalier/prune-magnitude';
 *
 * const denseSchedule = stepwise({ from: 0.1, milestones: [300, 600] }); // also the session's learningRate
 * const method = iterativeMagnitude({
 *   sparsity: 0.9,
 *   phases: 3,
 *   denseSchedule,
 *   denseSteps: 900,
 *   retrainSteps: { total: 300 },
 * });
 * ```
 */
export function iterativeMagnitude(options: IterativeMagnitudeOptions): PruningMethod<null> {
  checkOptions<IterativeMagnitudeOptions>(options, iterativeRules);
  const { sparsity, phases: count, denseSchedule, denseSteps, denseWarmUp = 0, start = denseSteps } = options;
  const { retraining = adaptiveLinearRestart } = options;
  const distribution: Distribution = options.distribution ?? global;
  const dense = denseTraining(denseSchedule, denseSteps, denseWarmUp);
  const lengths = stepsOfPhases(options.retrainSteps, count);
  const phases = phasesOf(sparsity, start, lengths);
  const prunedFraction = fractionPerPhase(sparsity, count);
  requireRetraining(retraining, lengths, dense, prunedFraction);
  const reached = Math.max(0, (phases.at(-1)?.begin ?? start) - 1);

  /** The cuts that come before the step at `position`: one, or several where phases have no steps. */
  const cut = (position: number, layers: readonly LayerView[]): Decision<null> => {
    let current = layers;
    let decision: Decision<null> = { state: null };
    for (const [i, { begin, sparsity: wanted, steps }] of phases.entries()) {
      if (begin !== position) continue;
      const masks = selectMasks(current, activeMagnitude, wanted, distribution);
      decision = { state: null, masks, phase: `retraining ${i + 1} of ${count}` };
      if (steps > 0) {
        const normDrop = relativeNormDrop(current, masks);
        const segments = retraining({ steps, dense, prunedFraction, normDrop });
        decision = { ...decision, learningRate: { start: position, segments } };
      }
      current = current.map(layer => ({ ...layer, mask: masks.get(layer.name) ?? layer.mask }));
    }
    return decision;
  };

  return {
    specification: 'v1',
    name: 'iterative-magnitude',
    citation: 'Zimmer et al. 2023, arXiv:2111.00843',
    options: {
      sparsity,
      phases: count,
      dense: { steps: denseSteps, warmUp: denseWarmUp, highest: dense.highest, lowest: dense.lowest },
      start,
      retrainSteps: lengths,
      retraining: retraining.name || 'custom',
      distribution: distribution.name,
    },
    ...(distribution.partial ? {} : { target: { sparsity, position: reached } }),
    start: ({ layers }) => {
      distribution.requireLayers?.(layers);
      return start === 0 ? cut(0, layers) : { state: null, phase: 'dense' };
    },
    plan: ({ position }) =>
      phases.some(({ begin }) => begin === position + 1) ? { observe: { kind: 'weights' } } : {},
    decide: ({ clock, layers }) => cut(clock.position + 1, layers),
  };
}
