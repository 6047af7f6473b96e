import { tileBinary } from './tile-binary.js';

/** Where the rows of a matrix begin in the memory of a workspace. */
export type Rows = (row: number) => number;

/** Rows of one length, one after another. */
export const denseRows =
  (at: number, length: number): Rows =>
  row =>
    at + row * length;

/** Four by four dot products at a time: that many sums stay in registers. */
export const TILE = 4;

/** Which rows are multiplied by which. */
export interface TileRange {
  /** First row of the left matrix, and how many of the four there are. */
  readonly row: number;
  readonly rows: number;
  /** First row of the right matrix, and how many of the four there are. */
  readonly column: number;
  readonly columns: number;
  /** What is summed over: places `from` to before `to` of each row. */
  readonly from: number;
  readonly to: number;
}

type TileKernel = (...placesLengthAndSums: readonly number[]) => void;

/** Memory of 4 GiB is the most that WebAssembly addresses; this many numbers leave room for the sums. */
export const MOST_NUMBERS: number = 2 ** 29 - 2 ** 13;

/** Float64 memory with a SIMD kernel that computes in it. */
export class Workspace {
  /** The first sixteen numbers are the sums of `products`; the others are the caller's. */
  readonly data: Float64Array;
  readonly #tile: TileKernel;

  constructor(numbers: number) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil((numbers + FIRST) / 8192) });
    const instance = new WebAssembly.Instance(compiled(), { env: { memory } });
    this.data = new Float64Array(memory.buffer);
    this.#tile = instance.exports.tile as TileKernel;
  }

  /**
   * Writes `Σ_k a[row + r][k] b[column + s][k]` to `data[4 r + s]`. The sum over even and that over odd places each run
   * in order, whatever tile an entry is in. Places beyond `rows` and `columns` get meaningless numbers.
   */
  products(a: Rows, b: Rows, { row, rows, column, columns, from, to }: TileRange): void {
    const left = (r: number): number => 8 * (a(row + Math.min(r, rows - 1)) + from);
    const right = (s: number): number => 8 * (b(column + Math.min(s, columns - 1)) + from);
    this.#tile(left(0), left(1), left(2), left(3), right(0), right(1), right(2), right(3), to - from, 0);
  }
}

/** Index of the first number that is the caller's. */
export const FIRST: number = TILE * TILE;

let kernel: WebAssembly.Module | undefined;
let kept: Workspace | undefined;

function compiled(): WebAssembly.Module {
  kernel ??= new WebAssembly.Module(Uint8Array.from(atob(tileBinary), character => character.charCodeAt(0)));
  return kernel;
}

/**
 * Memory for at least so many numbers, with arbitrary contents, until the next call in this thread. Up to 64 MiB are
 * kept, because WebAssembly memory is dear to make.
 */
export function workspaceFor(numbers: number): Workspace {
  if (kept && kept.data.length >= numbers + FIRST) return kept;
  const made = new Workspace(numbers);
  if (made.data.length <= 2 ** 23) kept = made;
  return made;
}
