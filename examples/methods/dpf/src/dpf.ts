import {
  type Cadence,
  type Criterion,
  checkOptions,
  type Distribution,
  type GradualSparsityOptions,
  global,
  gradualSparsity,
  gradualSparsityRules,
  isDue,
  type PruningMethod,
  type Reparameterization,
  requireDistribution,
  rules,
  selectMasks,
} from '@espalier/core';

/** Options of {@link dpf}. */
export interface DpfOptions extends GradualSparsityOptions {
  /**
   * Positions (steps) after which the mask is chosen anew from the dense weights. The paper uses `every: 16`. After the
   * last one the masked weights become the weights, so `end` is best near the end of training.
   */
  readonly cadence: Cadence;
  /**
   * How the sparsity is spread over the layers, evaluated anew at every mask.
   *
   * @defaultValue `global`, one ranking over all layers
   */
  readonly distribution?: Distribution;
}

/**
 * The model computes with masked weights; the gradient taken there updates the dense weights beneath. In the notation
 * of the paper: `w ← w − γ g(m ⊙ w)`.
 */
const feedback: Reparameterization = {
  masking: 'effective',
  effective: (_operations, raw) => raw,
  backward: (_operations, { gradient }) => ({ raw: gradient }),
};

/** `|w|` of the dense weights, masked or not. */
const denseMagnitude: Criterion = ({ raw, weights }) => (raw ?? weights).map(Math.abs);

/**
 * Dynamic pruning with feedback (DPF): dense weights keep training beneath a mask, with the gradients of the masked
 * model, and at every position of the cadence the mask is chosen anew: the largest dense magnitudes, as many as the
 * schedule leaves. What was masked too early comes back with the value that it has learned since. At `cadence.end` the
 * last mask is applied for good, and whatever training follows is fine-tuning under it.
 *
 * Differences from the paper and from the implementation of Zimmer et al.: positions count steps, and a mask is chosen
 * after a step rather than before the next; the schedule moves with every mask (theirs once an epoch); the number of
 * active entries is exact, with ties going to the lower index; the window's last position always counts.
 *
 * Source: Lin et al. 2020, "Dynamic model pruning with feedback", {@link https://arxiv.org/abs/2006.07253}, section 3;
 * details checked against `strategies/scratchStrategies.py` of {@link https://github.com/ZIB-IOL/BIMP}.
 *
 * @param options - Target, cadence and, if wanted, initial sparsity, schedule and distribution.
 * @returns A method for `PruningSession.start`.
 * @throws `InvalidOptionError` if an option is out of range.
 *
 * @example 90 %, reached at position 800 of 1000, with masks that move until the end.
 * ```ts
 * import { dpf } from '@espalier-example/dpf';
 * import { polynomial } from '@espalier/core';
 *
 * const method = dpf({
 *   sparsity: 0.9,
 *   cadence: { start: 0, end: 999, every: 16 },
 *   schedule: polynomial({ to: 0.9, start: 0, end: 800 }),
 * });
 * ```
 */
export function dpf(options: DpfOptions): PruningMethod<null> {
  checkOptions<DpfOptions>(options, { ...gradualSparsityRules, distribution: rules.optional(requireDistribution) });
  const { distribution: spread, ...gradual } = options;
  const { sparsity, cadence, initialSparsity = 0 } = options;
  const distribution: Distribution = spread ?? global;
  const schedule = gradualSparsity(gradual);
  const { start, end, every } = cadence;
  return {
    specification: 'v1',
    name: 'dpf',
    citation: 'Lin et al. 2020, arXiv:2006.07253',
    options: {
      sparsity,
      cadence: { start, end, every },
      initialSparsity,
      schedule: options.schedule ? 'custom' : 'cubic',
      distribution: distribution.name,
    },
    ...(distribution.partial ? {} : { target: { sparsity, position: end } }),
    reparameterization: feedback,
    start: () => ({ state: null }),
    plan: ({ position }) => (isDue(cadence, position) ? { observe: { kind: 'weights' } } : {}),
    decide: ({ layers, clock }) => ({
      state: null,
      masks: selectMasks(layers, denseMagnitude, schedule(clock.position), distribution, { revive: true }),
      ...(clock.position === end ? { bake: true, phase: 'fine-tuning' } : {}),
    }),
  };
}
