import {
  type Criterion,
  type Distribution,
  type OptionRules,
  type RandomStreams,
  requireDistribution,
  requireSparsity,
  rules,
  type SparsityTarget,
  type StepView,
  selectMasks,
} from '@espalier/core';

/** How sparse a network is from the beginning. */
export interface SparseInitOptions {
  /** Overall fraction of prunable entries that are masked from before the first step to the end, in [0, 1). */
  readonly sparsity: number;
  /**
   * How the sparsity is spread over the layers; decided once, before the first step. Distributions that rank scores
   * (`global`, `lamp`) rank random numbers here, so `global` amounts to about `uniform`.
   *
   * @defaultValue `erdosRenyiKernel` (ERK)
   * @see Evci et al. 2020, section 3 (1).
   */
  readonly distribution?: Distribution | undefined;
}

/** Scores in [0, 1] on active entries and in [−2, −1] on masked ones, so that masks given to the session come first. */
/** What each of them must be by itself. */
export const sparseInitRules: OptionRules<SparseInitOptions> = {
  sparsity: requireSparsity,
  distribution: rules.optional(requireDistribution),
};

function randomScore(random: RandomStreams): Criterion {
  return ({ name, size, mask }) => {
    const draw = random(`topology/${name}`);
    return Float32Array.from({ length: size }, (_, i) => (mask[i] ? draw() : draw() - 2));
  };
}

/** Random masks with exactly the counts of the distribution. */
export function randomMasks(
  { layers, random }: StepView,
  sparsity: number,
  distribution: Distribution,
  options: { readonly revive: boolean },
): Map<string, Uint8Array> {
  return selectMasks(layers, randomScore(random), sparsity, distribution, options);
}

/** The promise of a method that is sparse from the start, unless some layers follow rules of their own. */
export function targetFromStart(sparsity: number, distribution: Distribution): { readonly target?: SparsityTarget } {
  return distribution.partial ? {} : { target: { sparsity, position: 0 } };
}
