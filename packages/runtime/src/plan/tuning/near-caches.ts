/** More than the caches of one core hold. */
const BYTES = 2 ** 22;
const LINE = 64;

/**
 * A function that drives what was used before out of the near caches, as the other layers of a network do between two
 * uses of one layer's weights. Without it, ways that read the weights often look better than they are.
 */
export function nearCacheSweeper(): () => number {
  const values = new Float32Array(BYTES / 4).fill(1);
  return () => read(values);
}

/** Reads every line of some memory, so that the near caches hold what they can of it, as of what was just written. */
export function read(values: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += LINE / 4) sum += values[index] ?? 0;
  return sum;
}
