import {
  cadenceJson,
  checkOptions,
  countOnes,
  erdosRenyiKernel,
  isDue,
  type OptionRules,
  type PruningMethod,
} from '@espalier/core';
import { dropAndGrow, droppedCount } from './drop-and-grow.js';
import { type DropFractionOptions, dropFractionOf, dropFractionRules } from './drop-fraction.js';
import { randomMasks, type SparseInitOptions, sparseInitRules, targetFromStart } from './random-masks.js';

/** Options of {@link set}. */
export interface SetOptions extends SparseInitOptions, DropFractionOptions {}

/** What each of them must be by itself. */
export const setRules: OptionRules<SetOptions> = { ...sparseInitRules, ...dropFractionRules };

/**
 * SET, sparse evolutionary training: as `rigl`, but connections grow at random and no update is skipped. At every
 * position of the cadence, after the optimizer's step, each layer drops the fraction of its active entries with the
 * smallest `|w|` and grows as many at random places among all that are not kept.
 *
 * It needs no dense gradient, so it costs the same as static sparse training. Counts per layer never change; new
 * connections start at 0 with clean slots; one that is dropped and grown in one update keeps both.
 *
 * This is SET as RigL's authors have it. Differences from Mocanu et al.: they drop the smallest positive and the
 * largest negative weights separately, once an epoch, choose the first connections by ER with independent coin flips
 * (here: ERK, exact counts), and give new connections random weights.
 *
 * Source: Mocanu et al. 2018, {@link https://arxiv.org/abs/1707.04780}, algorithm 1; in the form of Evci et al. 2020,
 * {@link https://arxiv.org/abs/1911.11134}.
 *
 * @param options - Sparsity, cadence and, if wanted, drop fraction and distribution.
 * @returns A method for `PruningSession.start`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example 90 % sparse from the start, 30 % of the connections move every 100 steps.
 * ```ts
 * import { set } from '@espalier/prune-rigl';
 *
 * const method = set({ sparsity: 0.9, cadence: { start: 99, end: 999, every: 100 } });
 * ```
 */
export function set(options: SetOptions): PruningMethod<null> {
  checkOptions<SetOptions>(options, setRules);
  const { sparsity, cadence, distribution = erdosRenyiKernel } = options;
  const promise = targetFromStart(sparsity, distribution);
  const { fraction, described } = dropFractionOf(options, 'constant');

  return {
    specification: 'v1',
    name: 'set',
    citation: 'Mocanu et al. 2018, arXiv:1707.04780',
    options: { sparsity, cadence: cadenceJson(cadence), ...described, distribution: distribution.name },
    ...promise,
    start: view => ({ state: null, masks: randomMasks(view, sparsity, distribution, { revive: true }) }),
    plan: ({ position }) => (isDue(cadence, position) ? { observe: { kind: 'weights' } } : {}),
    decide: ({ layers, clock, random }) => ({
      state: null,
      masks: new Map(
        layers.map(layer => {
          const moved = droppedCount(countOnes(layer.mask), fraction(clock.position));
          const growth = Float32Array.from({ length: layer.size }, random(`growth/${layer.name}`));
          return [layer.name, dropAndGrow(layer, moved, growth)];
        }),
      ),
    }),
  };
}
