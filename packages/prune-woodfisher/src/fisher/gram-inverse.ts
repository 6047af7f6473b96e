import { eachBlock } from './block-layout.js';
import type { FisherInverse, FisherShape } from './fisher-inverse.js';
import { factorize, packedLength, solveLower, solveUpper } from './packed.js';

/** Bytes of a {@link GramInverse}: the gradients in float32, one packed float64 Gram matrix a block, and the diagonal. */
export function gramBytes({ layout, count }: FisherShape): number {
  const blocks = layout.bounds.length - 1;
  return (4 * count + 8) * layout.entries.length + 8 * blocks * packedLength(count);
}

/**
 * The dual form by Woodbury's identity, `F⁻¹ = (I − Gᵀ (λN I + G Gᵀ)⁻¹ G) / λ` with the N gradients of a block as the rows
 * of G: smaller and cheaper than the block itself where it has more entries than there are gradients.
 */
export class GramInverse implements FisherInverse {
  readonly #shape: FisherShape;
  /** Block after block, N rows each. */
  readonly #gradients: Float32Array;
  /** Packed Cholesky factors of `λN I + G Gᵀ`, block after block. */
  readonly #factors: Float64Array;
  #added = 0;

  constructor(shape: FisherShape) {
    this.#shape = shape;
    const { layout, count } = shape;
    this.#gradients = new Float32Array(count * layout.entries.length);
    this.#factors = new Float64Array((layout.bounds.length - 1) * packedLength(count));
  }

  add(gradient: Float32Array): void {
    const { layout, count } = this.#shape;
    eachBlock(layout, (begin, width) => {
      const to = begin * count + this.#added * width;
      for (let i = 0; i < width; i++) this.#gradients[to + i] = gradient[layout.entries[begin + i] ?? 0] ?? 0;
    });
    this.#added++;
  }

  invert(): Float64Array | undefined {
    const { layout, count, damping } = this.#shape;
    const diagonal = new Float64Array(layout.entries.length);
    const column = new Float64Array(count);
    let at = 0;
    let regular = true;
    eachBlock(layout, (begin, width) => {
      const rows = this.#rows(begin, width);
      gramMatrix(rows, width, this.#factors, at, count, damping * count);
      regular &&= factorize(this.#factors, at, count);
      for (let i = 0; regular && i < width; i++) {
        let squares = 0;
        for (let n = 0; n < count; n++) {
          const value = rows[n * width + i] ?? 0;
          column[n] = value;
          squares += value * value;
        }
        const explained = solveLower(this.#factors, at, count, column);
        // F⁻¹ᵢᵢ ≥ 1/Fᵢᵢ always; rounding must not take the difference below it.
        diagonal[begin + i] = Math.max((1 - explained) / damping, 1 / (damping + squares / count));
      }
      at += packedLength(count);
    });
    return regular ? diagonal : undefined;
  }

  multiply(vector: Float64Array): void {
    const { layout, count, damping } = this.#shape;
    const dual = new Float64Array(count);
    let at = 0;
    eachBlock(layout, (begin, width) => {
      const rows = this.#rows(begin, width);
      for (let n = 0; n < count; n++) {
        let sum = 0;
        for (let i = 0; i < width; i++) sum += (rows[n * width + i] ?? 0) * (vector[begin + i] ?? 0);
        dual[n] = sum;
      }
      solveLower(this.#factors, at, count, dual);
      solveUpper(this.#factors, at, count, dual);
      for (let n = 0; n < count; n++) {
        const weight = dual[n] ?? 0;
        for (let i = 0; i < width; i++) {
          vector[begin + i] = (vector[begin + i] ?? 0) - weight * (rows[n * width + i] ?? 0);
        }
      }
      for (let i = 0; i < width; i++) vector[begin + i] = (vector[begin + i] ?? 0) / damping;
      at += packedLength(count);
    });
  }

  #rows(begin: number, width: number): Float32Array {
    const { count } = this.#shape;
    return this.#gradients.subarray(begin * count, (begin + width) * count);
  }
}

/** Writes `ridge I + G Gᵀ`, packed. */
function gramMatrix(
  rows: Float32Array,
  width: number,
  matrix: Float64Array,
  at: number,
  count: number,
  ridge: number,
): void {
  let to = at;
  for (let n = 0; n < count; n++) {
    for (let m = 0; m <= n; m++) {
      let sum = n === m ? ridge : 0;
      for (let i = 0; i < width; i++) sum += (rows[n * width + i] ?? 0) * (rows[m * width + i] ?? 0);
      matrix[to++] = sum;
    }
  }
}
