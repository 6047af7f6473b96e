import { checkOptions, type OptionRules, type PruningMethod, requireSparsity, rules } from '@espalier/core';
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
}

/** What each of them must be by itself. */
export const oneShotWoodFisherRules: OptionRules<OneShotWoodFisherOptions> = {
  ...fisherRules,
  sparsity: requireSparsity,
  position: rules.optional(rules.steps({ from: 0 })),
};

/**
 * One-shot WoodFisher: after the step at `position` the least salient entries are masked and the survivors shifted,
 * once. It equals {@link woodFisher} with a single update.
 *
 * Source: Singh & Alistarh 2020, {@link https://arxiv.org/abs/2004.14340}, section 5.1.
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
 */
export function oneShotWoodFisher(options: OneShotWoodFisherOptions): PruningMethod<null> {
  checkOptions<OneShotWoodFisherOptions>(options, oneShotWoodFisherRules);
  const { position = 0, ...rest } = options;
  const gradual = woodFisher({ ...rest, cadence: { start: position, end: position, every: 1 } });
  return { ...gradual, name: 'one-shot-woodfisher' };
}
