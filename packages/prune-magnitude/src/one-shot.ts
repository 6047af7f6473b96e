import {
  checkOptions,
  type Distribution,
  type OptionRules,
  type PruningMethod,
  requireDistribution,
  requireSparsity,
  rules,
} from '@espalier/core';
import { magnitude } from './magnitude.js';

/** Options of {@link oneShotMagnitude}. */
export interface OneShotMagnitudeOptions {
  /** Overall fraction of prunable entries that are masked, in [0, 1). */
  readonly sparsity: number;
  /**
   * Position (step) after which the model is pruned, an integer ≥ 0.
   *
   * @defaultValue 0, right after the first step
   */
  readonly position?: number | undefined;
  /**
   * How the sparsity is spread over the layers.
   *
   * @defaultValue `global`, one ranking over all layers
   */
  readonly distribution?: Distribution | undefined;
}

/** What each of them must be by itself. */
export const oneShotRules: OptionRules<OneShotMagnitudeOptions> = {
  sparsity: requireSparsity,
  position: rules.optional(rules.steps({ from: 0 })),
  distribution: rules.optional(requireDistribution),
};

/**
 * One-shot magnitude pruning: after the step at `position` the entries with the smallest `|w|` are masked, and training
 * goes on with that mask. It equals {@link magnitude} with a single update.
 *
 * To prune a model without training it at all, use `pruneOnce` from `@espalier/core/tfjs`.
 *
 * Source: Han et al. 2015, {@link https://arxiv.org/abs/1506.02626}, with one round.
 *
 * @param options - Sparsity, when, and distribution.
 * @returns A method for `PruningSession.start`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example Prune to 80 % after 500 steps.
 * ```ts
 * import { oneShotMagnitude } from '@espalier/prune-magnitude';
 *
 * const method = oneShotMagnitude({ sparsity: 0.8, position: 500 });
 * ```
 */
export function oneShotMagnitude(options: OneShotMagnitudeOptions): PruningMethod<null> {
  checkOptions<OneShotMagnitudeOptions>(options, oneShotRules);
  const { sparsity, position = 0, distribution } = options;
  const gradual = magnitude({
    sparsity,
    cadence: { start: position, end: position, every: 1 },
    ...(distribution ? { distribution } : {}),
  });
  return {
    ...gradual,
    name: 'one-shot-magnitude',
    citation: 'Han et al. 2015, arXiv:1506.02626',
    options: { sparsity, position, distribution: distribution?.name ?? 'global' },
  };
}
