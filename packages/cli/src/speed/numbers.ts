/** The middle value; the mean of the middle two of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}

/** What a quarter of the values is below, and what a quarter is above; values between two ranks are interpolated. */
export function quartiles(values: readonly number[]): [lower: number, upper: number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (rank: number): number => {
    const below = sorted[Math.floor(rank)] ?? Number.NaN;
    return below + (rank % 1) * ((sorted[Math.ceil(rank)] ?? below) - below);
  };
  return [at((sorted.length - 1) / 4), at((3 * (sorted.length - 1)) / 4)];
}

/**
 * Largest difference as a fraction of the largest finite magnitude of `expected`, or as it is if all of those are 0.
 * Equal infinities and two NaN do not differ; a NaN or an infinity beside anything else differs infinitely, and so do
 * other lengths.
 */
export function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  let [difference, scale] = [0, 0];
  for (const [index, value] of expected.entries()) {
    const other = actual[index] ?? Number.NaN;
    if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
    if (Object.is(other, value)) continue;
    const gap = Math.abs(other - value);
    difference = Math.max(difference, Number.isNaN(gap) ? Infinity : gap);
  }
  return difference / (scale || 1);
}
