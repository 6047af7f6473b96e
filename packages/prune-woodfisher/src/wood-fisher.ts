import {
  checkOptions,
  type Distribution,
  global,
  gradualSparsity,
  gradualSparsityRules,
  isDue,
  type OptionRules,
  type PruningMethod,
} from '@espalier/core';
import { withFishers } from './fisher/estimate.js';
import { planFishers } from './fisher/plan.js';
import { fisherRules, fisherSettings, type WoodFisherOptions } from './options.js';
import { pruneBySaliency } from './prune-by-saliency.js';

/** What each of them must be by itself. */
export const woodFisherRules: OptionRules<WoodFisherOptions> = { ...gradualSparsityRules, ...fisherRules };

/**
 * WoodFisher: at every position of the cadence the curvature of the loss is estimated by a block-diagonal empirical
 * Fisher matrix `F = λI + (1/N) Σ g gᵀ` from N fresh gradients, the active entries with the least predicted loss
 * increase `w² / (2 [F⁻¹]_qq)` are masked for good, and the survivors are shifted to make up for them.
 *
 * The session option `exampleLosses` gives the gradients. Build those losses with `training: false` and without weight
 * decay, as the authors do: then batch-norm statistics stay as they are.
 *
 * A block holds `blockSize` consecutive entries of one layer, counted output by output (`[out, in, height, width]`);
 * masked entries take up room in a block but no memory. Each layer is inverted in the form that needs less memory: the
 * block itself, summed in float64 and factorized, or the N × N Gram matrix (Woodbury's identity). Nothing of the
 * estimate outlives the decision. It takes one pass over the gradients. The option `executor` decides where the
 * arithmetic runs (worker threads, and a file for what does not fit into memory, from
 * `@espalier/prune-woodfisher/node`); the result is the same to the last bit.
 *
 * Differences from the paper and its code: the blocks are not built by Woodbury's recursion, but by the two forms
 * above, which are equal to it, cheaper and more exact; exactly the distribution's count is kept (the code keeps one
 * less); the end of the cadence is always included (the code's runs for 90 % stop at 89.9 %); default block size 50. As
 * in the code, the shift is the sum of the optimal shifts for single removals, not the optimum for removing all of
 * them. Left out are WoodTaylor (the first-order term) and FLOPs-aware thresholds; new estimates within one pruning
 * step are the cuts of {@link oneShotWoodFisher}.
 *
 * Source: Singh & Alistarh 2020, "WoodFisher", {@link https://arxiv.org/abs/2004.14340}, sections 3 to 5.
 *
 * @param options - Target, cadence and, if wanted, how the Fisher matrix is estimated.
 * @returns A method for `PruningSession.start`, which needs the session option `exampleLosses`. Starting it throws
 *   {@link FisherMemoryError} if the blocks would not fit; a decision throws {@link MissingSamplesError} or
 *   {@link SingularFisherError}.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example 90 % in eight prunings over positions 0 to 7000, with 100 gradients each.
 * ```ts
 * import { woodFisher } from '@espalier/prune-woodfisher';
 *
 * const cadence = { start: 0, end: 7000, every: 1000 };
 * const method = woodFisher({ sparsity: 0.9, cadence, initialSparsity: 0.05, samples: 100 });
 * ```
 */
export function woodFisher(options: WoodFisherOptions): PruningMethod<null> {
  checkOptions<WoodFisherOptions>(options, woodFisherRules);
  const { sparsity, cadence, initialSparsity = 0 } = options;
  const distribution: Distribution = options.distribution ?? global;
  const settings = fisherSettings(options);
  const own = options.schedule ? { schedule: options.schedule } : {};
  const schedule = gradualSparsity({ sparsity, cadence, initialSparsity, ...own });
  const { start, end, every } = cadence;
  const { samples, blockSize, damping, compensation } = settings;

  return {
    specification: 'v1',
    name: 'woodfisher',
    citation: 'Singh & Alistarh 2020, arXiv:2004.14340',
    options: {
      sparsity,
      cadence: { start, end, every },
      initialSparsity,
      schedule: options.schedule ? 'custom' : 'cubic',
      distribution: distribution.name,
      samples,
      blockSize,
      damping,
      compensation,
    },
    ...(distribution.partial ? {} : { target: { sparsity, position: end } }),
    start: ({ layers }) => {
      distribution.requireLayers?.(layers);
      planFishers(layers, settings);
      return { state: null };
    },
    plan: ({ position }) =>
      isDue(cadence, position) && schedule(position) > 0 ? { observe: { kind: 'samples', count: samples } } : {},
    decide: async view => {
      const goal = { sparsity: schedule(view.clock.position), distribution, compensation };
      return withFishers(view, settings, async fishers => {
        return { state: null, ...(await pruneBySaliency(view.layers, fishers, goal)) };
      });
    },
  };
}
