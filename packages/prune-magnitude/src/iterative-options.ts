import {
  type Distribution,
  type OptionRules,
  requireDistribution,
  requireSchedule,
  requireSparsity,
  rules,
  type Schedule,
  withDataForm,
} from '@espalier/core';
import type { RetrainSteps } from './phases.js';
import { retrainingRule } from './retraining/retraining-data.js';
import type { RetrainingSchedule } from './retraining/retraining-schedule.js';

/** Options of {@link iterativeMagnitude}. */
export interface IterativeMagnitudeOptions {
  /** Overall fraction of prunable entries that are masked after the last phase, in [0, 1). */
  readonly sparsity: number;
  /** Cuts, each followed by retraining (P of the paper), an integer ≥ 1; 1 is one-shot pruning with retraining. */
  readonly phases: number;
  /**
   * Learning rate of dense training by position, for positions 0 to `denseSteps − 1`; the rates of retraining come from
   * it. Give the same schedule to the session as its `learningRate`, unless the model comes trained.
   */
  readonly denseSchedule: Schedule;
  /** Steps of dense training (T of the paper), an integer ≥ 1, whether in this session or before it. */
  readonly denseSteps: number;
  /**
   * Steps of warm-up at the beginning of `denseSchedule`, an integer in [0, `denseSteps`). They do not count for the
   * lowest dense rate.
   *
   * @defaultValue 0
   */
  readonly denseWarmUp?: number | undefined;
  /**
   * Steps of this session before the first cut, an integer ≥ 0. With 0, for a pretrained model, the first cut comes
   * when the session starts.
   *
   * @defaultValue `denseSteps`
   */
  readonly start?: number | undefined;
  /**
   * Retraining in steps: `{ perPhase }`, `{ total }`, or a list with one number for each phase, such as 20, 20, 20 and
   * 25 epochs in steps, which is how the authors split 85 epochs. A phase of 0 steps is a cut without retraining.
   */
  readonly retrainSteps: RetrainSteps;
  /**
   * The learning rate of each phase, decided at its cut: a function that is given the phase (its `steps`, the `dense`
   * training before, `prunedFraction` and `normDrop`) and returns segments whose lengths add up to `steps`. It is not
   * called for a phase of 0 steps.
   *
   * @defaultValue {@link adaptiveLinearRestart}
   */
  readonly retraining?: RetrainingSchedule | undefined;
  /**
   * How the sparsity is spread over the layers: `global`, `uniform`, `uniformPlus`, `erdosRenyiKernel`, `lamp`, … It is
   * evaluated anew at every cut.
   *
   * @defaultValue `global`, one ranking over all layers, as in the paper's code
   */
  readonly distribution?: Distribution | undefined;
}

const { integer, list, object, optional, steps } = rules;
const count = steps({ from: 0 });

/** `stepsOfPhases` looks at it together with the number of phases. */
const retrainSteps = withDataForm(() => {}, {
  anyOf: [
    list(count),
    object<{ total: number }>({ total: count }),
    object<{ perPhase: number }>({ perPhase: count }),
  ].map(rule => rule.data?.schema ?? true),
});

/** What each of them must be by itself. */
export const iterativeRules: OptionRules<IterativeMagnitudeOptions> = {
  sparsity: requireSparsity,
  phases: integer({ from: 1 }),
  denseSchedule: requireSchedule,
  denseSteps: steps({ from: 1 }),
  denseWarmUp: optional(count),
  start: optional(count),
  retrainSteps,
  retraining: optional(retrainingRule),
  distribution: optional(requireDistribution),
};
