/*
 * Symmetric and triangular n × n matrices in packed form: row i holds its entries 0 to i, so the matrix takes
 * n (n + 1) / 2 numbers from `at` on. All loops run along rows, which are contiguous.
 *
 * `?? 0` satisfies the type checker alone: every index is within bounds, and the compiler of V8 drops the test.
 */

/** Numbers in a packed matrix. */
export function packedLength(n: number): number {
  return (n * (n + 1)) / 2;
}

/** Adds four outer products `g gᵀ`; the four vectors lie one after another in `rows`. */
export function addOuterProducts(matrix: Float64Array, at: number, n: number, rows: Float64Array): void {
  const second = n;
  const third = 2 * n;
  const fourth = 3 * n;
  let row = at;
  for (let i = 0; i < n; i++) {
    const a = rows[i] ?? 0;
    const b = rows[second + i] ?? 0;
    const c = rows[third + i] ?? 0;
    const d = rows[fourth + i] ?? 0;
    for (let j = 0; j <= i; j++) {
      matrix[row + j] =
        (matrix[row + j] ?? 0) +
        (a * (rows[j] ?? 0) + b * (rows[second + j] ?? 0) + (c * (rows[third + j] ?? 0) + d * (rows[fourth + j] ?? 0)));
    }
    row += i + 1;
  }
}

/** Replaces a symmetric matrix by its Cholesky factor L, `L Lᵀ = M`. False if it is not positive definite. */
export function factorize(matrix: Float64Array, at: number, n: number): boolean {
  let row = at;
  for (let i = 0; i < n; i++) {
    let other = at;
    for (let j = 0; j < i; j++) {
      let sum = matrix[row + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (matrix[row + k] ?? 0) * (matrix[other + k] ?? 0);
      matrix[row + j] = sum / (matrix[other + j] ?? 0);
      other += j + 1;
    }
    let pivot = matrix[row + i] ?? 0;
    for (let k = 0; k < i; k++) pivot -= (matrix[row + k] ?? 0) ** 2;
    if (!(pivot > 0 && pivot < Infinity)) return false;
    matrix[row + i] = Math.sqrt(pivot);
    row += i + 1;
  }
  return true;
}

/** Solves `L x = v` in place, from row `first` on, before which `v` must be zero. Returns the sum of squares of x. */
export function solveLower(factor: Float64Array, at: number, n: number, v: Float64Array, first = 0): number {
  let squares = 0;
  let row = at + packedLength(first);
  for (let i = first; i < n; i++) {
    let sum = v[i] ?? 0;
    for (let k = first; k < i; k++) sum -= (factor[row + k] ?? 0) * (v[k] ?? 0);
    const value = sum / (factor[row + i] ?? 0);
    v[i] = value;
    squares += value * value;
    row += i + 1;
  }
  return squares;
}

/** Solves `Lᵀ x = v` in place. */
export function solveUpper(factor: Float64Array, at: number, n: number, v: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = at + packedLength(i);
    const value = (v[i] ?? 0) / (factor[row + i] ?? 0);
    v[i] = value;
    for (let k = 0; k < i; k++) v[k] = (v[k] ?? 0) - (factor[row + k] ?? 0) * value;
  }
}
