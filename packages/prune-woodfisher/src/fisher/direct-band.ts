import { eachBlock, type FisherBand, SEGMENT, segmentRows, widest } from './band.js';
import { addSquare, factorize, packedLength, packedRows, solveRows, solveTransposed, squares } from './packed.js';
import { denseRows, FIRST, TILE, type Workspace, workspaceFor } from './workspace.js';

/** Room for the largest block and for some rows as wide as it is. */
const spaceFor = (band: FisherBand, rows: number): Workspace =>
  workspaceFor(packedLength(widest(band)) + rows * widest(band));

/** Adds the outer products of one segment of gradients to the packed blocks. */
export function accumulate(band: FisherBand, segment: Float32Array, rows: number, factors: Float64Array): void {
  const space = spaceFor(band, SEGMENT);
  const { data } = space;
  let at = 0;
  eachBlock(band, (begin, width) => {
    const length = packedLength(width);
    const transposed = FIRST + length;
    const from = begin * rows;
    for (let n = 0; n < rows; n++) {
      for (let i = 0; i < width; i++) data[transposed + i * rows + n] = segment[from + n * width + i]!;
    }
    data.set(factors.subarray(at, at + length), FIRST);
    addSquare(space, packedRows(FIRST), denseRows(transposed, rows), width, rows);
    factors.set(data.subarray(FIRST, transposed), at);
    at += length;
  });
}

/** Adds all gradients of a band. */
export function accumulateAll(band: FisherBand, gradients: Float32Array, factors: Float64Array): void {
  const width = gradients.length / band.count;
  for (let first = 0; first < band.count; ) {
    const rows = segmentRows(first, band.count);
    accumulate(band, gradients.subarray(first * width, (first + rows) * width), rows, factors);
    first += rows;
  }
}

/**
 * Replaces the summed blocks by the factors of `λI + (1/N) Σ g gᵀ`, and writes the diagonal of the inverse. False if a
 * block is not positive definite. In the same memory as the Woodbury recursion this takes a quarter of its
 * multiplications for each gradient, and it subtracts nothing from 1/λ.
 */
export function invertDirect(band: FisherBand, factors: Float64Array, diagonal: Float64Array): boolean {
  const space = spaceFor(band, TILE);
  const { data } = space;
  const matrix = packedRows(FIRST);
  let at = 0;
  let regular = true;
  eachBlock(band, (begin, width) => {
    const length = packedLength(width);
    for (let k = 0; k < length; k++) data[FIRST + k] = factors[at + k]! / band.count;
    for (let i = 0; i < width; i++) data[matrix(i) + i]! += band.damping;
    regular &&= factorize(space, matrix, width);
    factors.set(data.subarray(FIRST, FIRST + length), at);
    at += length;
    // The sums of squares of the columns of L⁻¹.
    const columns = FIRST + length;
    for (let first = 0; regular && first < width; first += TILE) {
      const count = Math.min(TILE, width - first);
      data.fill(0, columns, columns + count * width);
      for (let i = 0; i < count; i++) data[columns + i * width + first + i] = 1;
      solveRows(space, matrix, width, denseRows(columns, width), count, first);
      for (let i = 0; i < count; i++) diagonal[begin + first + i] = squares(space, columns + i * width, width);
    }
  });
  return regular;
}

/** Replaces `vector` by `F⁻¹ vector`. */
export function multiplyDirect(band: FisherBand, factors: Float64Array, vector: Float64Array): void {
  const space = spaceFor(band, 1);
  const matrix = packedRows(FIRST);
  let at = 0;
  eachBlock(band, (begin, width) => {
    const length = packedLength(width);
    const row = FIRST + length;
    space.data.set(factors.subarray(at, at + length), FIRST);
    space.data.set(vector.subarray(begin, begin + width), row);
    solveRows(space, matrix, width, denseRows(row, width), 1);
    solveTransposed(space, matrix, width, row);
    vector.set(space.data.subarray(row, row + width), begin);
    at += length;
  });
}
