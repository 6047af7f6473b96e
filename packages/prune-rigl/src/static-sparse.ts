import { checkOptions, erdosRenyiKernel, type PruningMethod } from '@espalier/core';
import { randomMasks, type SparseInitOptions, sparseInitRules, targetFromStart } from './random-masks.js';

/** Options of {@link staticSparse}. */
export interface StaticSparseOptions extends SparseInitOptions {}

/**
 * Static sparse training: random masks before the first step, and they never change. The baseline that `rigl` and `set`
 * must beat at the same cost.
 *
 * A model that is masked already gives its connections to the start, as for `rigl`; to train with given masks exactly
 * as they are, use `fixed` from `@espalier/core`.
 *
 * Difference from the authors' code: counts per layer add up to the overall one (theirs rounds layer by layer).
 *
 * Source: the "Static" baseline of Evci et al. 2020, {@link https://arxiv.org/abs/1911.11134}, section 4.
 *
 * @param options - Sparsity and, if wanted, its distribution.
 * @returns A method for `PruningSession.start`.
 * @throws {@link @espalier/core!InvalidOptionError} if the sparsity is out of range.
 *
 * @example
 * ```ts
 * import { staticSparse } from '@espalier/prune-rigl';
 *
 * const method = staticSparse({ sparsity: 0.9 });
 * ```
 */
export function staticSparse(options: StaticSparseOptions): PruningMethod<null> {
  checkOptions<StaticSparseOptions>(options, sparseInitRules);
  const { sparsity, distribution = erdosRenyiKernel } = options;
  return {
    specification: 'v1',
    name: 'static-sparse',
    citation: 'Evci et al. 2020, arXiv:1911.11134 (baseline)',
    options: { sparsity, distribution: distribution.name },
    ...targetFromStart(sparsity, distribution),
    start: view => ({ state: null, masks: randomMasks(view, sparsity, distribution, { revive: true }) }),
    plan: () => ({}),
    decide: () => ({ state: null }),
  };
}
