import { eachBlock, type FisherBand, gradientStart } from './band.js';
import { addSquare, factorize, packedLength, packedRows, solveRows, solveTransposed, squares } from './packed.js';
import { denseRows, FIRST, type Workspace, workspaceFor } from './workspace.js';

/** Entries of a block that are worked on together, so that their gradients stay in the cache. */
const PANEL = 128;
const matrix = packedRows(FIRST);

/**
 * Writes the factors of `λN I + G Gᵀ`, with the N gradients of a block as the rows of G, and the diagonal of the
 * inverse `F⁻¹ = (I − Gᵀ (λN I + G Gᵀ)⁻¹ G) / λ` (Woodbury's identity): smaller and cheaper than the block itself where
 * it has more entries than there are gradients. False if a block is not positive definite.
 */
export function invertGram(
  band: FisherBand,
  gradients: Float32Array,
  factors: Float64Array,
  diagonal: Float64Array,
): boolean {
  const { count, damping } = band;
  const length = packedLength(count);
  const panel = FIRST + length;
  const space = workspaceFor(length + PANEL * count);
  const { data } = space;
  let at = 0;
  let regular = true;
  eachBlock(band, (begin, width) => {
    if (!regular) return;
    data.fill(0, FIRST, panel);
    for (let first = 0; first < width; first += PANEL) {
      const depth = Math.min(PANEL, width - first);
      for (let n = 0; n < count; n++) {
        const from = gradientStart(band, n, begin, width) + first;
        data.set(gradients.subarray(from, from + depth), panel + n * depth);
      }
      addSquare(space, matrix, denseRows(panel, depth), count, depth);
    }
    for (let n = 0; n < count; n++) data[matrix(n) + n]! += damping * count;
    regular = factorize(space, matrix, count);
    factors.set(data.subarray(FIRST, panel), at);
    at += length;
    for (let first = 0; regular && first < width; first += PANEL) {
      const columns = Math.min(PANEL, width - first);
      for (let n = 0; n < count; n++) {
        const from = gradientStart(band, n, begin, width) + first;
        for (let i = 0; i < columns; i++) data[panel + i * count + n] = gradients[from + i]!;
      }
      inverseDiagonal(space, band, panel, diagonal.subarray(begin + first, begin + first + columns));
    }
  });
  return regular;
}

/** Diagonal entries for columns of G, which lie from `panel` on as rows and are overwritten. */
function inverseDiagonal(
  space: Workspace,
  { count, damping }: FisherBand,
  panel: number,
  diagonal: Float64Array,
): void {
  // F⁻¹ᵢᵢ ≥ 1/Fᵢᵢ always; rounding must not take the difference below it.
  for (let i = 0; i < diagonal.length; i++)
    diagonal[i] = 1 / (damping + squares(space, panel + i * count, count) / count);
  solveRows(space, matrix, count, denseRows(panel, count), diagonal.length);
  for (let i = 0; i < diagonal.length; i++) {
    diagonal[i] = Math.max((1 - squares(space, panel + i * count, count)) / damping, diagonal[i]!);
  }
}

/** Replaces `vector` by `F⁻¹ vector`. */
export function multiplyGram(
  band: FisherBand,
  gradients: Float32Array,
  factors: Float64Array,
  vector: Float64Array,
): void {
  const { count, damping } = band;
  const length = packedLength(count);
  const dual = FIRST + length;
  const space = workspaceFor(length + count);
  const { data } = space;
  let at = 0;
  eachBlock(band, (begin, width) => {
    for (let n = 0; n < count; n++) {
      const from = gradientStart(band, n, begin, width);
      let sum = 0;
      for (let i = 0; i < width; i++) sum += gradients[from + i]! * vector[begin + i]!;
      data[dual + n] = sum;
    }
    data.set(factors.subarray(at, at + length), FIRST);
    solveRows(space, matrix, count, denseRows(dual, count), 1);
    solveTransposed(space, matrix, count, dual);
    for (let n = 0; n < count; n++) {
      const from = gradientStart(band, n, begin, width);
      const weight = data[dual + n]!;
      for (let i = 0; i < width; i++) vector[begin + i]! -= weight * gradients[from + i]!;
    }
    for (let i = 0; i < width; i++) vector[begin + i]! /= damping;
    at += length;
  });
}
