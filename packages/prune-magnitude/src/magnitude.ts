import {
  activeMagnitude,
  type Cadence,
  checkOptions,
  type Distribution,
  global,
  gradualSparsity,
  gradualSparsityRules,
  isDue,
  type OptionRules,
  type PruningMethod,
  requireDistribution,
  rules,
  type Schedule,
  selectMasks,
} from '@espalier/core';

/** Options of {@link magnitude}. */
export interface MagnitudeOptions {
  /** Overall fraction of prunable entries that are masked in the end, in [0, 1). */
  readonly sparsity: number;
  /**
   * Positions (steps) at which masks are renewed. A usual choice is to start after a first stretch of training, to end
   * at two thirds to three quarters of it, and `every: 100`.
   */
  readonly cadence: Cadence;
  /**
   * Sparsity at `cadence.start`, in [0, `sparsity`].
   *
   * @defaultValue 0
   * @see Zhu & Gupta 2017, equation 1 (s_i); WoodFisher's code uses 0.05.
   */
  readonly initialSparsity?: number | undefined;
  /**
   * Overall sparsity by position. Values must lie in [0, 1), and the value at `cadence.end` must be `sparsity`.
   *
   * @defaultValue the cubic `polynomial({ from: initialSparsity, to: sparsity, start, end })` over the cadence
   * @see Zhu & Gupta 2017, equation 1.
   */
  readonly schedule?: Schedule | undefined;
  /**
   * How the sparsity is spread over the layers. It is evaluated anew at every update, at the scheduled overall
   * sparsity.
   *
   * @defaultValue `global`, one ranking over all layers
   */
  readonly distribution?: Distribution | undefined;
}

/** What each of them must be by itself. */
export const magnitudeRules: OptionRules<MagnitudeOptions> = {
  ...gradualSparsityRules,
  distribution: rules.optional(requireDistribution),
};

/**
 * Gradual magnitude pruning (GMP): at every position of the cadence the overall sparsity rises along a schedule, and
 * the active entries with the smallest `|w|` are masked for good.
 *
 * Masks are nested: a masked entry never comes back, and a model that starts sparser than the schedule keeps its
 * sparsity until the schedule overtakes it. Exactly the counts of the distribution stay active; among equal magnitudes
 * the lower index stays. Optimizer slots of masked entries return to their initial value, those of active ones are
 * kept.
 *
 * Differences from the paper and its best-known implementations: the last position of the cadence is always included,
 * so the target is reached even when the window is no multiple of the interval (TensorFlow's and WoodFisher's schedules
 * stop short); the count is exact (TensorFlow keeps all ties); the default ranking is global rather than per layer.
 *
 * Source: Zhu & Gupta 2017, "To prune, or not to prune", {@link https://arxiv.org/abs/1710.01878}, section 3.
 *
 * @param options - Target, cadence and, if wanted, schedule and distribution.
 * @returns A method for `PruningSession.start`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example 90 % over positions 100 to 1000.
 * ```ts
 * import { magnitude } from '@espalier/prune-magnitude';
 *
 * const method = magnitude({ sparsity: 0.9, cadence: { start: 100, end: 1000, every: 50 } });
 * ```
 */
export function magnitude(options: MagnitudeOptions): PruningMethod<null> {
  checkOptions<MagnitudeOptions>(options, magnitudeRules);
  const { sparsity, cadence, initialSparsity = 0 } = options;
  const distribution: Distribution = options.distribution ?? global;
  const own = options.schedule ? { schedule: options.schedule } : {};
  const schedule = gradualSparsity({ sparsity, cadence, initialSparsity, ...own });
  const { start, end, every } = cadence;

  return {
    specification: 'v1',
    name: 'magnitude',
    citation: 'Zhu & Gupta 2017, arXiv:1710.01878',
    options: {
      sparsity,
      cadence: { start, end, every },
      initialSparsity,
      schedule: options.schedule ? 'custom' : 'cubic',
      distribution: distribution.name,
    },
    ...(distribution.partial ? {} : { target: { sparsity, position: end } }),
    start: ({ layers }) => {
      distribution.requireLayers?.(layers);
      return { state: null };
    },
    plan: ({ position }) => (isDue(cadence, position) ? { observe: { kind: 'weights' } } : {}),
    decide: ({ layers, clock }) => ({
      state: null,
      masks: selectMasks(layers, activeMagnitude, schedule(clock.position), distribution),
    }),
  };
}
