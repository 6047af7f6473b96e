import {
  type Cadence,
  type CompleteOptions,
  checkOptions,
  cosine,
  type Distribution,
  erdosRenyiKernel,
  global,
  gradualSparsity,
  InvalidOptionError,
  type OptionRules,
  requireCadence,
  requireDistribution,
  requireSparsity,
  rules,
  type Schedule,
} from '@espalier/core';
import { requireFraction } from './drop-fraction.js';

/** Options of {@link granet}. */
export interface GraNetOptions {
  /** Overall fraction of prunable entries that are masked in the end, in [0, 1). */
  readonly sparsity: number;
  /** Positions (steps) at which the network is pruned and regenerated; the sparsity is reached at `cadence.end`. */
  readonly cadence: Cadence;
  /**
   * Length of training in steps, an integer above `cadence.end`. Until then regeneration goes on every `cadence.every`
   * steps after the pruning has ended, and its fraction falls to `finalRegrowFraction`.
   */
  readonly trainingSteps: number;
  /**
   * Sparsity before the first step, in [0, `sparsity`]: 0 is dense-to-sparse training, more is sparse-to-sparse.
   *
   * @defaultValue 0.5, or `sparsity` if that is less
   * @see Liu et al. 2021, section 4 (s_i).
   */
  readonly initialSparsity?: number | undefined;
  /**
   * Fraction r in [0, 1] of each layer's active entries that would be exchanged at position 0; with 0 nothing is
   * regenerated, which is gradual magnitude pruning.
   *
   * @defaultValue 0.5
   * @see Liu et al. 2021, section 4; the authors' flag `prune_rate`.
   */
  readonly regrowFraction?: number | undefined;
  /**
   * Fraction that r falls to, along half a cosine, at the last step of training; in [0, `regrowFraction`].
   *
   * @defaultValue 0.005, or `regrowFraction` if that is less
   */
  readonly finalRegrowFraction?: number | undefined;
  /**
   * How the pruned sparsity is spread over the layers, evaluated anew at every position of the cadence.
   *
   * @defaultValue `global`, one ranking over all layers
   */
  readonly distribution?: Distribution | undefined;
  /**
   * How the initial sparsity is spread over the layers. The masks are random, so distributions that rank scores rank
   * random numbers.
   *
   * @defaultValue `erdosRenyiKernel` (ERK)
   */
  readonly initialDistribution?: Distribution | undefined;
}

/** Checked options with their defaults, and the two schedules that follow from them. */
export interface GraNetPlan extends CompleteOptions<GraNetOptions> {
  /** Overall sparsity by position. */
  readonly sparsityAt: Schedule;
  /** Fraction of active entries that are exchanged, by position. */
  readonly fractionAt: Schedule;
}

/** What each of them must be by itself. */
export const granetRules: OptionRules<GraNetOptions> = {
  sparsity: requireSparsity,
  cadence: requireCadence,
  trainingSteps: rules.steps(),
  initialSparsity: rules.optional(requireSparsity),
  regrowFraction: rules.optional(requireFraction),
  finalRegrowFraction: rules.optional(requireFraction),
  distribution: rules.optional(requireDistribution),
  initialDistribution: rules.optional(requireDistribution),
};

export function graNetPlan(options: GraNetOptions): GraNetPlan {
  checkOptions<GraNetOptions>(options, granetRules);
  const { sparsity, cadence, trainingSteps, distribution = global, initialDistribution = erdosRenyiKernel } = options;
  const { initialSparsity = Math.min(0.5, sparsity), regrowFraction = 0.5 } = options;
  const sparsityAt = gradualSparsity({ sparsity, cadence, initialSparsity });
  if (trainingSteps <= cadence.end) {
    throw new InvalidOptionError('trainingSteps', trainingSteps, `an integer above cadence.end (${cadence.end})`);
  }
  const { finalRegrowFraction = Math.min(0.005, regrowFraction) } = options;
  if (finalRegrowFraction > regrowFraction) {
    throw new InvalidOptionError(
      'finalRegrowFraction',
      finalRegrowFraction,
      `at most regrowFraction (${regrowFraction})`,
    );
  }
  return {
    sparsity,
    cadence,
    trainingSteps,
    initialSparsity,
    regrowFraction,
    finalRegrowFraction,
    distribution,
    initialDistribution,
    sparsityAt,
    fractionAt: cosine({ from: regrowFraction, to: finalRegrowFraction, start: 0, end: trainingSteps - 1 }),
  };
}
