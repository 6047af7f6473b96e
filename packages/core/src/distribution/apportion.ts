/**
 * Whole numbers in proportion to `weights` that add up to `total`, each within [`least`, its size].
 *
 * Every number is its share rounded down or up, largest remainders up first, earlier ones on ties; so none is a whole
 * one off its share. Only where the bounds make that impossible, those that hit a bound stay on it and the others share
 * the rest in the same proportion. If the bounds make `total` itself impossible, the nearest possible sum.
 */
export function apportion(
  weights: readonly number[],
  sizes: readonly number[],
  total: number,
  least: number,
): number[] {
  const counts = sizes.map(() => 0);
  let open = sizes.map((_, i) => i);
  let rest = total;
  while (open.length > 0) {
    const bids = bidsOf(open, weights, sizes, rest, least);
    const surplus = sumOf(bids.map(({ lower }) => lower)) - rest;
    const lack = rest - sumOf(bids.map(({ upper }) => upper));
    const bound = bids.filter(({ share, lower, upper }) => (surplus > 0 ? lower > share : lack > 0 && upper < share));
    if (bound.length === 0) {
      for (const { i, lower } of bids) counts[i] = lower;
      const byRemainder = bids.filter(({ lower, upper }) => upper > lower);
      byRemainder.sort((a, b) => b.share - b.lower - (a.share - a.lower) || a.i - b.i);
      for (const { i, upper } of byRemainder.slice(0, Math.max(0, -surplus))) counts[i] = upper;
      return counts;
    }
    for (const { i, lower, upper } of bound) {
      counts[i] = surplus > 0 ? lower : upper;
      rest -= counts[i];
    }
    const settled = new Set(bound.map(({ i }) => i));
    open = open.filter(i => !settled.has(i));
  }
  return counts;
}

interface Bid {
  readonly i: number;
  readonly share: number;
  /** The share rounded down and up, within the bounds. */
  readonly lower: number;
  readonly upper: number;
}

function bidsOf(
  open: readonly number[],
  weights: readonly number[],
  sizes: readonly number[],
  rest: number,
  least: number,
): Bid[] {
  const weight = sumOf(open.map(i => weights[i]!));
  return open.map(i => {
    const share = weight > 0 ? (rest * weights[i]!) / weight : 0;
    const bounded = (value: number): number => Math.min(sizes[i]!, Math.max(least, value));
    return { i, share, lower: bounded(Math.floor(share)), upper: bounded(Math.ceil(share)) };
  });
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
