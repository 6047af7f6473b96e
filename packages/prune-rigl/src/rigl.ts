import {
  cadenceJson,
  checkOptions,
  countOnes,
  erdosRenyiKernel,
  isDue,
  type OptionRules,
  type PruningMethod,
  rules,
} from '@espalier/core';
import { dropAndGrow, droppedCount, gradientGrowth } from './drop-and-grow.js';
import { type DropFractionOptions, dropFractionOf, dropFractionRules } from './drop-fraction.js';
import { randomMasks, type SparseInitOptions, sparseInitRules, targetFromStart } from './random-masks.js';

/** Options of {@link rigl}. */
export interface RigLOptions extends SparseInitOptions, DropFractionOptions {
  /**
   * What the optimizer does on the steps that move connections: `skip` uses their gradient for growth alone, as the
   * authors' code does; `apply` updates as well, as many ports do.
   *
   * @defaultValue 'skip'
   */
  readonly optimizer?: 'skip' | 'apply' | undefined;
}

/** What each of them must be by itself. */
export const riglRules: OptionRules<RigLOptions> = {
  ...sparseInitRules,
  ...dropFractionRules,
  optimizer: rules.optional(rules.oneOf('skip', 'apply')),
};

/**
 * RigL, the rigged lottery: a network that is sparse from the first step. At every position of the cadence each layer
 * drops the fraction of its active entries with the smallest `|w|` and grows as many where the dense gradient of the
 * current batch is largest. The number of active entries of a layer never changes.
 *
 * Growth looks at the gradient with respect to the *effective* (masked) weight, which is dense. New connections start
 * at 0 with clean optimizer slots; a connection that is dropped and grown in one update keeps its weight and slots. A
 * layer with so few active entries that `trunc(active · fraction)` is 0 does not move. With the default fraction, a
 * cosine to 0, the update at `cadence.end` moves nothing; it still skips its optimizer step.
 *
 * A model that is masked already gives its connections to the start: a layer keeps as many of them as the distribution
 * wants, and adds random ones if they are too few.
 *
 * Differences from the authors' code: equal magnitudes keep the lower index (theirs adds noise of 1e-5, which also
 * reorders small weights); the cosine runs from `cadence.start` (theirs from step 0, so it is not 0 at the end if
 * `start` is not 0); `cadence.end` is always an update; counts per layer add up to the overall one (theirs rounds layer
 * by layer); where a gradient is exactly 0, entries that are active come before masked ones; new connections start at 0
 * only.
 *
 * Source: Evci et al. 2020, "Rigging the lottery", {@link https://arxiv.org/abs/1911.11134}, section 3 and algorithm 1.
 *
 * @param options - Sparsity, cadence and, if wanted, drop fraction, distribution and what updates do.
 * @returns A method for `PruningSession.start`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example 90 % sparse from the start; connections move until position 750 of 1000.
 * ```ts
 * import { rigl } from '@espalier/prune-rigl';
 *
 * const method = rigl({ sparsity: 0.9, cadence: { start: 0, end: 750, every: 50 } });
 * ```
 */
export function rigl(options: RigLOptions): PruningMethod<null> {
  checkOptions<RigLOptions>(options, riglRules);
  const { sparsity, cadence, distribution = erdosRenyiKernel, optimizer = 'skip' } = options;
  const promise = targetFromStart(sparsity, distribution);
  const { fraction, described } = dropFractionOf(options, 'cosine');

  return {
    specification: 'v1',
    name: 'rigl',
    citation: 'Evci et al. 2020, arXiv:1911.11134',
    options: { sparsity, cadence: cadenceJson(cadence), ...described, distribution: distribution.name, optimizer },
    ...promise,
    start: view => ({ state: null, masks: randomMasks(view, sparsity, distribution, { revive: true }) }),
    plan: ({ position }) => (isDue(cadence, position) ? { observe: { kind: 'gradients' }, optimizer } : {}),
    decide: ({ layers, clock }) => ({
      state: null,
      masks: new Map(
        layers.map(layer => {
          const moved = droppedCount(countOnes(layer.mask), fraction(clock.position));
          return [layer.name, dropAndGrow(layer, moved, gradientGrowth(layer))];
        }),
      ),
    }),
  };
}
