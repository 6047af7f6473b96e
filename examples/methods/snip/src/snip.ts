import { checkOptions, global, type PruningMethod, requireSparsity, rules, selectMasks } from '@espalier/core';

/** Options of {@link snip}. */
export interface SnipOptions {
  /** Overall fraction of prunable entries that are masked, in [0, 1). */
  readonly sparsity: number;
  /** Batches that connections are judged by, an integer ≥ 1; 1 if left out. */
  readonly batches?: number | undefined;
}

/**
 * SNIP: prunes once, at initialization, and trains what is left. A connection is judged by how much the loss changes if
 * it is taken away: with `c · w` in the place of `w`, the derivative with respect to `c` at `c = 1` is `g · w`
 * (equations 4 and 5). The largest `|g · w|` of the whole network stay; equation 6 divides by their sum, which changes
 * no ranking. The first `batches` steps only sum `g · w`, and update nothing.
 *
 * Source: Lee et al. 2019, "SNIP: Single-shot network pruning based on connection sensitivity",
 * {@link https://arxiv.org/abs/1810.02340}, equations 4 to 6 and algorithm 1.
 *
 * @throws `InvalidOptionError` if an option is out of range.
 *
 * @example
 * ```ts
 * import { snip } from '@espalier-example/snip';
 *
 * const method = snip({ sparsity: 0.95, batches: 4 });
 * ```
 */
export function snip(options: SnipOptions): PruningMethod<null> {
  const count = rules.optional(rules.integer({ from: 1 }));
  checkOptions<SnipOptions>(options, { sparsity: requireSparsity, batches: count });
  const { sparsity, batches = 1 } = options;
  return {
    specification: 'v1',
    name: 'snip',
    citation: 'Lee et al. 2019, arXiv:1810.02340',
    options: { sparsity, batches },
    target: { sparsity, position: batches - 1 },
    start: () => ({ state: null, phase: 'judging' }),
    plan: ({ position }) => {
      if (position >= batches) return {};
      const judge = { accumulate: ['gradientTimesWeight'], optimizer: 'skip' } as const;
      return position === batches - 1 ? { ...judge, observe: { kind: 'clock', sums: true } } : judge;
    },
    decide: ({ layers }) => ({
      state: null,
      masks: selectMasks(
        layers,
        ({ sums, size }) => (sums?.gradientTimesWeight ?? new Float32Array(size)).map(Math.abs),
        sparsity,
        global,
      ),
      sums: 'reset',
      phase: 'training',
    }),
  };
}
