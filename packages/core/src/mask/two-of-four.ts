import { StructureMismatchError } from '../errors/method-errors.js';
import { InvalidOptionError } from '../errors/option-errors.js';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';

/** Options of {@link compressTwoOfFour}. */
export interface TwoOfFourOptions {
  /**
   * Dimension along which groups run, one of the last two; −1 is the last one.
   *
   * @defaultValue −2, the input dimension of dense and convolution kernels
   */
  readonly axis?: -1 | -2 | undefined;
}

/** A kernel with two entries of every four, as a matrix of rows that a product sums over. */
export interface TwoOfFour {
  /** Dimensions of the kernel. */
  readonly shape: readonly number[];
  /** Dimension along which groups run. */
  readonly axis: -1 | -2;
  /** Rows of the matrix: the length of the other of the last two dimensions, the outputs. */
  readonly rows: number;
  /** Columns of the dense matrix: all other dimensions, the inputs innermost. A multiple of 4. */
  readonly columns: number;
  /** `[rows, columns / 2]`: of every four entries of a row the two that stay, in order. */
  readonly values: Float32Array;
  /**
   * `[rows, ceil(columns / 8)]`: two bits for each value, its place in its four. Four bits a group, the first value's
   * in the lower two; the first group in the lower half of a byte. Little-endian words of 16 or 32 bits are the same
   * bytes.
   */
  readonly indices: Uint8Array;
}

const PATTERN = '2:4';

/**
 * Packs a kernel of which every four inputs hold at most two nonzeros into the form that NVIDIA's sparse tensor cores
 * take: half of the values, and two bits of index for each.
 *
 * The matrix has a row for each output; its columns are the kernel's other dimensions with the inputs innermost: `in`
 * of a dense kernel `[in, out]`, `height · width · in` of a convolution's `[height, width, in, out]`. A group is four
 * neighboring columns. Index pairs ascend, so the pattern of four bits is one of 0100, 1000, 1001, 1100, 1101, 1110
 * (the last two bits are the first value's index). Where a group has fewer than two nonzeros, zeros at its lowest free
 * places stand for the others. This is the logical layout of the instruction `mma.sp`; how words are dealt out to
 * threads (and cuSPARSELt's own order of them) is left to the library that loads them.
 *
 * Source: NVIDIA, PTX ISA, "Sparse matrix storage" of `mma.sp`,
 * {@link https://docs.nvidia.com/cuda/parallel-thread-execution/}; Mishra et al. 2021,
 * {@link https://arxiv.org/abs/2104.08378}, figure 2.
 *
 * @param values - The kernel, row-major, masked entries 0. NaN counts as a nonzero, −0 as a zero. Not modified.
 * @param shape - Its dimensions, at least two.
 * @param options - Another dimension: `axis: -1` for `[…, out, in]`, as PyTorch's dense kernels and transposed
 *   convolutions have it.
 * @returns The packed kernel; {@link expandTwoOfFour} undoes it.
 * @throws {@link StructureMismatchError} if the dimension is no multiple of 4, or a group has more than two nonzeros.
 * @throws {@link InvalidOptionError} if values and shape do not belong together or the axis is another,
 *   {@link UnknownOptionError} if there is another option.
 *
 * @example One output, four inputs.
 * ```ts
 * import { compressTwoOfFour } from '@espalier/core';
 *
 * const { values, indices } = compressTwoOfFour(Float32Array.of(0, 5, 0, 7), [4, 1]);
 * values; // [5, 7]
 * indices[0]; // 13: 0b1101, places 1 and 3
 * ```
 */
export function compressTwoOfFour(
  values: Float32Array,
  shape: readonly number[],
  options: TwoOfFourOptions = {},
): TwoOfFour {
  checkOptions<TwoOfFourOptions>(options, { axis: rules.optional(rules.oneOf(-1, -2)) });
  const { axis = -2 } = options;
  const matrix = matrixOf(values, shape, axis);
  const { rows, columns, inputs } = matrix;
  if (inputs % 4 !== 0) {
    throw new StructureMismatchError(
      PATTERN,
      '',
      `Axis ${axis} of its shape [${shape.join(', ')}] is no multiple of 4.`,
    );
  }
  const rowBytes = Math.ceil(columns / 8);
  const packed = new Float32Array((rows * columns) / 2);
  const indices = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column += 4) {
      const group = [0, 1, 2, 3].map(place => values[matrix.at(row, column + place)] as number);
      const places = placesOf(group, row, column);
      places.forEach((place, which) => {
        packed[(row * columns + column) / 2 + which] = group[place] || 0;
      });
      const [first = 0, second = 0] = places;
      const at = row * rowBytes + Math.floor(column / 8);
      indices[at] = (indices[at] as number) | ((first | (second << 2)) << (column % 8));
    }
  }
  return { shape: [...shape], axis, rows, columns, values: packed, indices };
}

/**
 * The kernel that {@link compressTwoOfFour} packed.
 *
 * @param packed - What it gave. Not modified.
 * @returns The kernel, row-major over its shape.
 * @throws {@link InvalidOptionError} if its parts do not belong together.
 *
 * @example
 * ```ts
 * import { compressTwoOfFour, expandTwoOfFour } from '@espalier/core';
 *
 * expandTwoOfFour(compressTwoOfFour(Float32Array.of(0, 5, 0, 7), [4, 1])); // [0, 5, 0, 7]
 * ```
 */
export function expandTwoOfFour(packed: TwoOfFour): Float32Array {
  const { shape, axis, values, indices } = (typeof packed === 'object' && packed !== null ? packed : {}) as TwoOfFour;
  const fail = (): never => {
    throw new InvalidOptionError('packed', packed, 'what compressTwoOfFour gives');
  };
  if (!Array.isArray(shape) || (axis !== -1 && axis !== -2) || !(values instanceof Float32Array)) return fail();
  const size = shape.reduce<number>((product, length) => product * Number(length), 1);
  if (!(indices instanceof Uint8Array) || values.length * 2 !== size) return fail();
  const result = new Float32Array(size);
  const matrix = matrixOf(result, shape, axis);
  const { rows, columns } = matrix;
  const rowBytes = Math.ceil(columns / 8);
  if (columns % 4 !== 0 || indices.length !== rows * rowBytes) return fail();
  for (let at = 0; at < values.length; at++) {
    const row = Math.floor((at * 2) / columns);
    const column = at * 2 - row * columns;
    const group = column - (column % 4);
    const bits = (indices[row * rowBytes + Math.floor(group / 8)] as number) >> (group % 8);
    result[matrix.at(row, group + ((bits >> (column % 4)) & 3))] = values[at] as number;
  }
  return result;
}

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly inputs: number;
  /** Place in memory. */
  at(row: number, column: number): number;
}

function matrixOf(values: Float32Array, shape: readonly number[], axis: -1 | -2): Matrix {
  const isShape =
    Array.isArray(shape) && shape.length >= 2 && shape.every(size => Number.isSafeInteger(size) && size >= 1);
  if (!isShape) throw new InvalidOptionError('shape', shape, 'at least two positive integers');
  const size = shape.reduce((product, length) => product * length, 1);
  if (!(values instanceof Float32Array) || values.length !== size) {
    throw new InvalidOptionError('values', values, `a Float32Array of ${size} entries, as many as the shape has`);
  }
  const [before, last] = shape.slice(-2) as [number, number];
  const [inputs, rows] = axis === -2 ? [before, last] : [last, before];
  const columns = size / rows;
  const [inputStep, rowStep] = axis === -2 ? [rows, 1] : [1, inputs];
  return {
    rows,
    columns,
    inputs,
    at(row, column) {
      const input = column % inputs;
      return (column - input) * rows + input * inputStep + row * rowStep;
    },
  };
}

/** Places of the two values of a group: its nonzeros, and zeros at its lowest places where those are fewer. */
function placesOf(group: readonly number[], row: number, column: number): readonly number[] {
  const nonzero = [0, 1, 2, 3].filter(place => group[place] !== 0);
  if (nonzero.length > 2) {
    const where = `Columns ${column} to ${column + 3} of output ${row} hold ${nonzero.length} nonzeros.`;
    throw new StructureMismatchError(PATTERN, '', `${where} Prune it with nOfM(2, 4).`);
  }
  const free = [0, 1, 2, 3].filter(place => group[place] === 0).slice(0, 2 - nonzero.length);
  return [...nonzero, ...free].sort((a, b) => a - b);
}
