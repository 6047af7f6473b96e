/** Mean and scatter of some values, e.g. of the runs with different seeds. */
export interface Spread {
  /** Arithmetic mean. */
  readonly mean: number;
  /** Sample standard deviation, with n − 1 in the denominator; `null` for a single value. */
  readonly deviation: number | null;
}

/** Mean and sample deviation of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const mean = meanOf(values);
  if (values.length < 2) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
