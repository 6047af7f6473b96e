import { type Rows, TILE, type Workspace } from './workspace.js';

/*
 * Symmetric and triangular n × n matrices in packed form: row i holds its entries 0 to i, so the matrix takes
 * n (n + 1) / 2 numbers. All loops run along rows, which are contiguous.
 */

/** Numbers in a packed matrix. */
export function packedLength(n: number): number {
  return (n * (n + 1)) / 2;
}

/** The rows of a packed matrix that begins at `at`. */
export const packedRows =
  (at: number): Rows =>
  row =>
    at + packedLength(row);

/** Adds `A Aᵀ`, A being n × depth, to the lower triangle of a matrix. */
export function addSquare(space: Workspace, matrix: Rows, a: Rows, n: number, depth: number): void {
  const { data } = space;
  for (let row = 0; row < n; row += TILE) {
    const rows = Math.min(TILE, n - row);
    for (let column = 0; column <= row; column += TILE) {
      const columns = Math.min(TILE, n - column);
      space.products(a, a, { row, rows, column, columns, from: 0, to: depth });
      for (let r = 0; r < rows; r++) {
        const at = matrix(row + r) + column;
        const end = Math.min(columns, row + r - column + 1);
        for (let s = 0; s < end; s++) data[at + s]! += data[TILE * r + s]!;
      }
    }
  }
}

/** Replaces a symmetric matrix by its Cholesky factor L, `L Lᵀ = M`. False if it is not positive definite. */
export function factorize(space: Workspace, matrix: Rows, n: number): boolean {
  const { data } = space;
  for (let first = 0; first < n; first += TILE) {
    const rows = Math.min(TILE, n - first);
    solveRows(space, matrix, first, row => matrix(first + row), rows);
    space.products(matrix, matrix, { row: first, rows, column: first, columns: rows, from: 0, to: first });
    for (let r = 0; r < rows; r++) {
      const row = matrix(first + r) + first;
      for (let s = 0; s <= r; s++) {
        const other = matrix(first + s) + first;
        let value = data[row + s]! - data[TILE * r + s]!;
        for (let k = 0; k < s; k++) value -= data[row + k]! * data[other + k]!;
        if (s < r) data[row + s] = value / data[other + s]!;
        else if (value > 0 && value < Infinity) data[row + s] = Math.sqrt(value);
        else return false;
      }
    }
  }
  return true;
}

/**
 * Replaces each of `count` rows v by the solution of `L x = v`, L being the first n rows of `factor`. Before column
 * `first`, a multiple of four, the rows must be zero.
 */
export function solveRows(space: Workspace, factor: Rows, n: number, vectors: Rows, count: number, first = 0): void {
  const { data } = space;
  for (let row = 0; row < count; row += TILE) {
    const rows = Math.min(TILE, count - row);
    for (let column = first; column < n; column += TILE) {
      const columns = Math.min(TILE, n - column);
      space.products(vectors, factor, { row, rows, column, columns, from: first, to: column });
      for (let r = 0; r < rows; r++) {
        const at = vectors(row + r) + column;
        for (let s = 0; s < columns; s++) {
          const other = factor(column + s) + column;
          let value = data[at + s]! - data[TILE * r + s]!;
          for (let k = 0; k < s; k++) value -= data[at + k]! * data[other + k]!;
          data[at + s] = value / data[other + s]!;
        }
      }
    }
  }
}

/** Solves `Lᵀ x = v` in place, v being n numbers from `at` on. */
export function solveTransposed({ data }: Workspace, factor: Rows, n: number, at: number): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = factor(i);
    const value = data[at + i]! / data[row + i]!;
    data[at + i] = value;
    for (let k = 0; k < i; k++) data[at + k]! -= data[row + k]! * value;
  }
}

/** Sum of the squares of `length` numbers. */
export function squares({ data }: Workspace, at: number, length: number): number {
  let sum = 0;
  for (let k = at; k < at + length; k++) sum += data[k]! * data[k]!;
  return sum;
}
