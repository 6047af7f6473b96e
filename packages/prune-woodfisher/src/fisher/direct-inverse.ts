import { eachBlock } from './block-layout.js';
import type { FisherInverse, FisherShape } from './fisher-inverse.js';
import { addOuterProducts, factorize, packedLength, solveLower, solveUpper } from './packed.js';

/** Gradients that are added together, so that each pass over the blocks does four times the work. */
const GROUP = 4;

/** Bytes of a {@link DirectInverse}: packed float64 blocks, waiting gradients and the diagonal. */
export function directBytes({ layout }: FisherShape): number {
  let packed = 0;
  eachBlock(layout, (_, width) => {
    packed += packedLength(width);
  });
  return 8 * packed + (4 * GROUP + 8) * layout.entries.length;
}

/**
 * Sums the Fisher blocks in float64 and factorizes each once, in place. In the same memory as the Woodbury recursion this
 * takes a quarter of its multiplications for each gradient, and it subtracts nothing from 1/λ.
 */
export class DirectInverse implements FisherInverse {
  readonly #shape: FisherShape;
  readonly #matrix: Float64Array;
  readonly #waiting: Float32Array;
  #waitingCount = 0;

  constructor(shape: FisherShape) {
    this.#shape = shape;
    let length = 0;
    eachBlock(shape.layout, (_, width) => {
      length += packedLength(width);
    });
    this.#matrix = new Float64Array(length);
    this.#waiting = new Float32Array(GROUP * shape.layout.entries.length);
  }

  add(gradient: Float32Array): void {
    const { entries } = this.#shape.layout;
    const from = this.#waitingCount * entries.length;
    for (let i = 0; i < entries.length; i++) this.#waiting[from + i] = gradient[entries[i] ?? 0] ?? 0;
    if (++this.#waitingCount === GROUP) this.#flush();
  }

  invert(): Float64Array | undefined {
    this.#flush();
    const { layout, count, damping } = this.#shape;
    const diagonal = new Float64Array(layout.entries.length);
    const matrix = this.#matrix;
    let at = 0;
    let regular = true;
    eachBlock(layout, (begin, width) => {
      const end = at + packedLength(width);
      for (let k = at; k < end; k++) matrix[k] = (matrix[k] ?? 0) / count;
      for (let i = 0, k = at; i < width; i++, k += i + 1) matrix[k] = (matrix[k] ?? 0) + damping;
      regular &&= factorize(matrix, at, width);
      if (regular) inverseDiagonal(matrix, at, width, diagonal.subarray(begin, begin + width));
      at = end;
    });
    return regular ? diagonal : undefined;
  }

  multiply(vector: Float64Array): void {
    let at = 0;
    eachBlock(this.#shape.layout, (begin, width) => {
      const part = vector.subarray(begin, begin + width);
      solveLower(this.#matrix, at, width, part);
      solveUpper(this.#matrix, at, width, part);
      at += packedLength(width);
    });
  }

  #flush(): void {
    if (this.#waitingCount === 0) return;
    const { layout } = this.#shape;
    const active = layout.entries.length;
    this.#waiting.fill(0, this.#waitingCount * active);
    let at = 0;
    let rows = new Float64Array(0);
    eachBlock(layout, (begin, width) => {
      if (rows.length !== GROUP * width) rows = new Float64Array(GROUP * width);
      for (let row = 0; row < GROUP; row++) {
        const from = row * active + begin;
        for (let i = 0; i < width; i++) rows[row * width + i] = this.#waiting[from + i] ?? 0;
      }
      addOuterProducts(this.#matrix, at, width, rows);
      at += packedLength(width);
    });
    this.#waitingCount = 0;
  }
}

/** Diagonal of `(L Lᵀ)⁻¹`: the sums of squares of the columns of L⁻¹. */
function inverseDiagonal(factor: Float64Array, at: number, n: number, diagonal: Float64Array): void {
  const column = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    column.fill(0);
    column[i] = 1;
    diagonal[i] = solveLower(factor, at, n, column, i);
  }
}
