import { checkOptions, linear, rules, type Schedule } from '@espalier/core';

/** Options of {@link bimpBudget}. */
export interface BimpBudgetOptions {
  /** Steps of dense training and retraining together (B of the paper), an integer ≥ 2. */
  readonly steps: number;
  /** Fraction of them that is dense training, in (0, 1). The paper finds it by a grid search for every task. */
  readonly denseFraction: number;
  /** Learning rate of the first dense step, a number > 0. */
  readonly learningRate: number;
}

/** A budget in the terms of {@link IterativeMagnitudeOptions}. */
export interface BimpBudget {
  /** Steps of dense training, `round(steps · denseFraction)`, but at least 1 and at most `steps − 1`. */
  readonly denseSteps: number;
  /** Straight line from `learningRate` to 0 over them; give it to the session too. */
  readonly denseSchedule: Schedule;
  /** All other steps, to be split over the phases. */
  readonly retrainSteps: {
    /** Steps of all phases together. */
    readonly total: number;
  };
}

/**
 * The options of BIMP, iterative magnitude pruning within the budget of one training run: dense training with a rate
 * that falls linearly to 0, and the rest of the steps for retraining.
 *
 * Together with the default schedule, {@link adaptiveLinearRestart}, {@link iterativeMagnitude} is BIMP; the paper
 * compares it at equal budget with methods that sparsify during training.
 *
 * Source: Zimmer et al. 2023, {@link https://arxiv.org/abs/2111.00843}, section 3; the linear decay from Li et al.
 * 2020, {@link https://arxiv.org/abs/1905.04753}.
 *
 * @param options - Total, fraction of dense training, and learning rate.
 * @returns `denseSteps`, `denseSchedule` and `retrainSteps`, which add up to `steps`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example 1000 steps, 700 of them dense, in a single shot.
 * ```ts
 * import { bimpBudget, iterativeMagnitude } from '@espalier/prune-magnitude';
 *
 * const budget = bimpBudget({ steps: 1000, denseFraction: 0.7, learningRate: 0.1 });
 * const method = iterativeMagnitude({ sparsity: 0.9, phases: 1, ...budget });
 * const session = { learningRate: budget.denseSchedule }; // among the options of PruningSession.start
 * ```
 */
export function bimpBudget(options: BimpBudgetOptions): BimpBudget {
  checkOptions<BimpBudgetOptions>(options, {
    steps: rules.integer({ from: 2 }),
    denseFraction: rules.number({ above: 0, below: 1 }),
    learningRate: rules.number({ above: 0 }),
  });
  const { steps, denseFraction, learningRate } = options;
  const denseSteps = Math.min(steps - 1, Math.max(1, Math.round(steps * denseFraction)));
  return {
    denseSteps,
    denseSchedule: linear({ from: learningRate, to: 0, start: 0, end: denseSteps }),
    retrainSteps: { total: steps - denseSteps },
  };
}
