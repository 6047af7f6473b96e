/** Output pixels that are computed at once. */
export const NEIGHBORS = 4;

/** Taps of a row that are multiplied at once, at most. */
export const MOST_TAPS = 4;

/** Where polynomials are evaluated; the last point is infinity. assembly/winograd.ts has the same in its sums. */
const FINITE_POINTS: readonly number[] = [0, 1, -1, 2, -2, 0.5];

/** Points in all. */
export const POINTS: number = FINITE_POINTS.length + 1;

/**
 * Up to four neighboring weights of a row as values at the points, the product of each with the transformed input's
 * being what the outputs are interpolated from: the values of the polynomial with these coefficients over Lagrange's
 * denominators (A. L. Toom 1963, S. A. Cook 1966; S. Winograd, Arithmetic Complexity of Computations, 1980, chapter 4).
 */
export function transformWeights(weights: readonly number[]): readonly number[] {
  const finite = FINITE_POINTS.map((point, j) => {
    const value = weights.reduceRight((sum, weight) => sum * point + weight, 0);
    return value / FINITE_POINTS.reduce((product, other, k) => (k === j ? product : product * (point - other)), 1);
  });
  return [...finite, weights[MOST_TAPS - 1] ?? 0];
}

/** How many of the points have a value that is not 0 for any weights: infinity stands for a fourth weight. */
export function pointsFor(taps: number): number {
  return taps < MOST_TAPS ? POINTS - 1 : POINTS;
}
