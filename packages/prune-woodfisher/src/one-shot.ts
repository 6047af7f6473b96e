import {
  checkOptions,
  type Json,
  type OptionRules,
  type PruningMethod,
  requireSparsity,
  rules,
  type Schedule,
} from '@espalier/core';
import { type FisherOptions, fisherRules } from './options.js';
import { woodFisher } from './wood-fisher.js';

/** Options of {@link oneShotWoodFisher}. */
export interface OneShotWoodFisherOptions extends FisherOptions {
  /** Overall fraction of prunable entries that are masked, in [0, 1). */
  readonly sparsity: number;
  /**
   * Position (step) after which the model is pruned, an integer ≥ 0.
   *
   * @defaultValue 0, right after the first step
   */
  readonly position?: number | undefined;
  /**
   * Cuts in which the sparsity is reached, an integer ≥ 1: at `position` and the steps after it, each with gradients of
   * its own. Cut i of n reaches `sparsity · (1 − (1 − i / n)²)`.
   *
   * @defaultValue 1
   * @see the authors' code, `--recompute-num`, `--recompute-schedule poly`, `--recompute-degree 2`.
   */
  readonly cuts?: number | undefined;
}

/** What each of them must be by itself. */
export const oneShotWoodFisherRules: OptionRules<OneShotWoodFisherOptions> = {
  ...fisherRules,
  sparsity: requireSparsity,
  position: rules.optional(rules.steps({ from: 0 })),
  cuts: rules.optional(rules.integer({ from: 1 })),
};

/**
 * One-shot WoodFisher: after the step at `position` the least salient entries are masked and the survivors shifted,
 * once. It equals {@link woodFisher} with a single update.
 *
 * With more `cuts` it is pruned in as many, one after each of the steps from `position` on, so that curvature and
 * shifts are those of the network as the cut before has left it. Each takes `samples` gradients. Between two cuts lies
 * one step of your training; with a learning rate of 0 there, nothing but the cuts changes the weights.
 *
 * Source: Singh & Alistarh 2020, {@link https://arxiv.org/abs/2004.14340}, section 5.1; the cuts are the new estimates
 * within a pruning step of their code, with its polynomial of degree 2.
 *
 * @param options - Sparsity, when, and how the Fisher matrix is estimated.
 * @returns A method for `PruningSession.start`, which needs the session option `exampleLosses`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example Prune to 80 % after 500 steps, layer by layer.
 * ```ts
 * import { uniform } from '@espalier/core';
 * import { oneShotWoodFisher } from '@espalier/prune-woodfisher';
 *
 * const method = oneShotWoodFisher({ sparsity: 0.8, position: 500, samples: 200, distribution: uniform });
 * ```
 *
 * @example 90 % in three cuts: 50, 80 and 90 % after the first, second and third step.
 * ```ts
 * import { oneShotWoodFisher } from '@espalier/prune-woodfisher';
 *
 * const method = oneShotWoodFisher({ sparsity: 0.9, cuts: 3, samples: 200 });
 * console.log(method.target); // { sparsity: 0.9, position: 2 }
 * ```
 */
export function oneShotWoodFisher(options: OneShotWoodFisherOptions): PruningMethod<null> {
  checkOptions<OneShotWoodFisherOptions>(options, oneShotWoodFisherRules);
  const { position = 0, cuts = 1, ...rest } = options;
  const name = 'one-shot-woodfisher';
  const cadence = { start: position, end: position + cuts - 1, every: 1 };
  if (cuts === 1) return { ...woodFisher({ ...rest, cadence }), name };
  const gradual = woodFisher({ ...rest, cadence, schedule: reachedAt(options.sparsity, position, cuts) });
  const described = gradual.options as { readonly [key: string]: Json };
  return { ...gradual, name, options: { ...described, schedule: 'quadratic' } };
}

/** Sparsity after each cut; all of it, to the last bit, after the last. */
function reachedAt(sparsity: number, position: number, cuts: number): Schedule {
  return at => {
    const left = Math.max(0, cuts - 1 - (at - position));
    return left === 0 ? sparsity : sparsity * (1 - (left / cuts) ** 2);
  };
}
