import {
  checkOptions,
  countOnes,
  InvalidOptionError,
  type LayerView,
  type OptionRules,
  requireSparsity,
  rules,
} from '@espalier/core';

/**
 * How much is pruned, and in how many rounds. Three numbers of which two determine the third:
 *
 * - `rounds` and `fraction`: the sparsity that follows, roughly `1 − (1 − fraction)^rounds`;
 * - `sparsity` and `rounds`: the same fraction `1 − (1 − sparsity)^(1/rounds)` of what remains each time;
 * - `sparsity` and `fraction`: as many rounds as needed, the last of which takes no more than is missing.
 *
 * With `sparsity` the count at the end is exact.
 */
export interface PruningAmount {
  /** Overall fraction of prunable entries that are masked in the end, in [0, 1). */
  readonly sparsity?: number | undefined;
  /** How often the model is pruned, an integer ≥ 1. */
  readonly rounds?: number | undefined;
  /**
   * Fraction of the *remaining* entries that each round prunes, in (0, 1). Must be left out if both others are given.
   *
   * @defaultValue 0.2 (Frankle & Carbin 2019; Chen et al. 2021)
   */
  readonly fraction?: number | undefined;
}

/** A whole number of entries to prune, from one that may be broken. */
type Rounding = (entries: number) => number;

/** When and how far to prune, once the two given numbers have been checked. */
export interface Rounds {
  /** How often the model is pruned. */
  readonly count: number;
  /** Overall sparsity to ask for in round `index`, from 0; `nominal` goes by the round alone, not by what is active. */
  readonly sparsityAfter: (layers: readonly LayerView[], index: number, nominal?: boolean) => number;
}

/** Entries that are left of `active` when a fraction goes. At least one stays. */
export function remainingOf(active: number, fraction: number, rounding: Rounding): number {
  return Math.max(1, active - rounding(fraction * active));
}

/** Checks the amount and works out the rounds. */
/** What each of them must be by itself. */
export const pruningAmountRules: OptionRules<PruningAmount> = {
  sparsity: rules.optional(requireSparsity),
  rounds: rules.optional(rules.integer({ from: 1 })),
  fraction: rules.optional(rules.number({ above: 0, below: 1 })),
};

export function roundsOf({ sparsity, rounds, fraction }: PruningAmount, rounding: Rounding): Rounds {
  checkOptions<PruningAmount>({ sparsity, rounds, fraction }, pruningAmountRules);
  if (rounds === undefined && sparsity === undefined) {
    throw new InvalidOptionError('rounds', rounds, 'an integer ≥ 1; it may be left out only if "sparsity" is given');
  }
  if (sparsity === undefined) return byFraction(fraction ?? 0.2, rounds ?? 1, rounding);
  if (rounds === undefined) return clipped(fraction ?? 0.2, sparsity, rounding);
  if (fraction === undefined) return evenly(sparsity, rounds);
  throw new InvalidOptionError('fraction', fraction, 'left out, because "sparsity" and "rounds" determine it');
}

function byFraction(fraction: number, count: number, rounding: Rounding): Rounds {
  return {
    count,
    sparsityAfter: (layers: readonly LayerView[], index: number, nominal?: boolean): number => {
      if (nominal) return 1 - (1 - fraction) ** (index + 1);
      const total = layers.reduce((sum, { size }) => sum + size, 0);
      const active = layers.reduce((sum, { mask }) => sum + countOnes(mask), 0);
      return total === 0 ? 0 : 1 - remainingOf(active, fraction, rounding) / total;
    },
  };
}

function evenly(sparsity: number, count: number): Rounds {
  return {
    count,
    sparsityAfter: (_, index) => (index + 1 < count ? 1 - (1 - sparsity) ** ((index + 1) / count) : sparsity),
  };
}

function clipped(fraction: number, sparsity: number, rounding: Rounding): Rounds {
  // The allowance keeps 0.36 at fraction 0.2 at two rounds, although the quotient comes out a little above 2.
  const count = Math.max(1, Math.ceil(Math.log1p(-sparsity) / Math.log1p(-fraction) - 1e-9));
  const { sparsityAfter } = byFraction(fraction, count, rounding);
  return {
    count,
    sparsityAfter: (layers: readonly LayerView[], index: number, nominal?: boolean): number =>
      index + 1 < count ? Math.min(sparsity, sparsityAfter(layers, index, nominal)) : sparsity,
  };
}
