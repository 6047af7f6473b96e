/**
 * Whole numbers near `shares` that add up to `total` (largest remainders first, earlier ones on ties), each within
 * [`least`, `sizes`]. If the bounds make `total` impossible, the nearest possible sum.
 */
export function apportion(shares: readonly number[], sizes: readonly number[], total: number, least: number): number[] {
  const bounded = (value: number, i: number): number =>
    Math.min(sizes[i]!, Math.max(Math.min(least, sizes[i]!), value));
  const counts = shares.map((share, i) => bounded(Math.floor(share), i));
  let rest = total - counts.reduce((sum, count) => sum + count, 0);
  while (rest !== 0) {
    const direction = Math.sign(rest);
    const movable = counts.map((_, i) => i).filter(i => bounded(counts[i]! + direction, i) !== counts[i]);
    if (movable.length === 0) break;
    movable.sort((i, j) => direction * (shares[j]! - counts[j]! - (shares[i]! - counts[i]!)) || i - j);
    for (const i of movable.slice(0, Math.abs(rest))) {
      counts[i]! += direction;
      rest -= direction;
    }
  }
  return counts;
}
