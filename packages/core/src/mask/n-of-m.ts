import { StructureMismatchError } from '../errors/method-errors.js';
import { InvalidOptionError } from '../errors/option-errors.js';
import { checkOptions } from '../options/check-options.js';
import { withDataForm } from '../options/data-form.js';
import { rules } from '../options/rules.js';
import { keptCount } from './count.js';
import { requireRankable } from './select.js';
import { requireStructure, type Structure } from './structure.js';

/** Options of {@link nOfM}. */
export interface NOfMOptions {
  /**
   * Dimension along which groups run, an integer; −1 is the last one.
   *
   * @defaultValue −2, the input dimension of dense and convolution kernels
   */
  readonly axis?: number | undefined;
  /**
   * What becomes of the entries that are left over where the dimension is no multiple of `m`: the layer is refused, or
   * they stay active, and so does a whole layer whose dimension is shorter than `m`.
   *
   * @defaultValue `'refuse'`
   */
  readonly rest?: 'refuse' | 'dense' | undefined;
}

/**
 * N:M sparsity: of every `m` consecutive entries along one dimension the `n` with the largest scores stay, the lower
 * index on ties. 2:4 is what NVIDIA's sparse tensor cores (Ampere and later) run.
 *
 * Groups run along the input dimension, `axis: -2`, with all other indices fixed and the first group at input 0:
 *
 * | kernel      | shape                        | a group of four at input `4g`                  |
 * | ----------- | ---------------------------- | ---------------------------------------------- |
 * | dense       | `[in, out]`                  | `w[4g … 4g + 3, o]`, one output `o`            |
 * | convolution | `[height, width, in, out]`   | `w[y, x, 4g … 4g + 3, o]`, one pixel, one output |
 *
 * In memory the entries of a group are therefore `out` apart, not adjacent. The reason: the hardware wants its zeros
 * along the dimension that a matrix product sums over, and in both kernels that is `in` (for convolutions, channels
 * innermost and then pixels). It is also what a cut of the kernel in output, height, width, input order into fours
 * gives (PyTorch's N:M code permutes to that order) whenever `in` is a multiple of four. Transposed convolutions,
 * `[height, width, out, in]`, sum over the last dimension: `axis: -1`. Depthwise kernels do not sum over channels at
 * all; leave them dense.
 *
 * The pattern fixes the count: a layer keeps `size · n / m` entries, so the overall sparsity must be `1 − n / m`,
 * spread by {@link uniform}, and any other count is refused. The one exception is a layer that the distribution keeps
 * whole, which is left dense whatever its shape: `withRules(uniform, { dense: ['conv1/kernel'] })` for the first
 * convolution with its three channels. (PyTorch code that cuts a flattened tensor lets groups run over pixels and
 * filters there, which no hardware can use.)
 *
 * With `rest: 'dense'` a dimension of `length = q · m + r` entries may have a rest: of every `length` entries along it
 * `q · n + r` stay, so a layer keeps exactly `size / length · (q · n + r)` of its entries. That is more than the count
 * of {@link uniform}, `size · n / m` rounded, which is what the distribution must ask for; the overall sparsity is then
 * less than `1 − n / m`. Six inputs under 2:4 keep four: two of the first four, and the last two.
 *
 * Source: Mishra et al. 2021, {@link https://arxiv.org/abs/2104.08378}, section 3 (2:4); Zhou et al. 2021,
 * {@link https://arxiv.org/abs/2102.04010} (N:M).
 *
 * @param n - Entries kept in a group, an integer from 1 to `m − 1`.
 * @param m - Entries of a group, an integer ≥ 2.
 * @param options - Another dimension.
 * @returns A structure named `n:m`, for {@link SelectOptions.structure}. It throws {@link StructureMismatchError} if
 *   the dimension of a layer is missing or no multiple of `m` (unless the rest is dense), or its count is neither `size
 * · n / m` nor the whole
 *   size, and {@link NonFiniteScoreError} if a score is NaN.
 * @throws {@link InvalidOptionError} if `n`, `m` or `axis` is out of range, {@link UnknownOptionError} if there is
 *   another option.
 *
 * @example The two largest of every four inputs, for each of two outputs.
 * ```ts
 * import { nOfM } from '@espalier/core';
 *
 * const scores = Float32Array.of(4, 1, 3, 2, 2, 3, 1, 4); // inputs 0 to 3 × outputs 0 and 1
 * nOfM(2, 4)(scores, 4, [4, 2]); // Uint8Array [1, 0, 1, 0, 0, 1, 0, 1]: inputs 0, 1 and 2, 3
 * ```
 */
export function nOfM(n: number, m: number, options: NOfMOptions = {}): Structure {
  checkOptions<NOfMOptions>(options, {
    axis: rules.optional(rules.integer()),
    rest: rules.optional(rules.oneOf('refuse', 'dense')),
  });
  const { axis = -2, rest = 'refuse' } = options;
  if (!Number.isSafeInteger(m) || m < 2) throw new InvalidOptionError('m', m, 'an integer ≥ 2');
  if (!Number.isSafeInteger(n) || n < 1 || n >= m)
    throw new InvalidOptionError('n', n, `an integer from 1 to ${m - 1}`);
  const name = `${n}:${m}${axis === -2 ? '' : ` along axis ${axis}`}${rest === 'dense' ? ', rest dense' : ''}`;

  const structure: Structure = (scores, count, shape, layer = '') => {
    requireRankable([scores], () => layer);
    if (count === scores.length) return new Uint8Array(scores.length).fill(1);
    const line = lineOf(shape, axis, rest === 'dense' ? 1 : m, reason => {
      throw new StructureMismatchError(name, layer, reason);
    });
    const groups = Math.floor(line.length / m);
    const wanted = (scores.length / line.length) * (line.length - groups * (m - n));
    const uniform = keptCount(scores.length, 1 - n / m);
    if (count !== wanted && (rest !== 'dense' || count !== uniform)) {
      throw new StructureMismatchError(
        name,
        layer,
        `The pattern keeps ${wanted} of its ${scores.length} entries, but the distribution asks for ${count}. Use the ` +
          `distribution uniform and the sparsity ${1 - n / m}.`,
      );
    }
    return keepInGroups(scores, n, m, line);
  };
  Object.defineProperty(structure, 'name', { value: name });
  return Object.assign(structure, { sparsity: 1 - n / m, ...(rest === 'dense' ? { partial: true } : {}) });
}

/** The entries along an axis: how many, and how far apart in memory. */
interface Line {
  readonly length: number;
  readonly stride: number;
}

function lineOf(shape: readonly number[], axis: number, multiple: number, fail: (reason: string) => never): Line {
  const index = axis < 0 ? shape.length + axis : axis;
  const length = shape[index];
  if (length === undefined) return fail(`Its shape [${shape.join(', ')}] has no axis ${axis}.`);
  if (length % multiple !== 0) {
    return fail(
      `Axis ${axis} of its shape [${shape.join(', ')}] is no multiple of ${multiple}. Keep it dense with withRules, or ` +
        "the entries that are left over with rest: 'dense'.",
    );
  }
  return { length, stride: shape.slice(index + 1).reduce((product, size) => product * size, 1) };
}

/**
 * The groups are `m` entries `stride` apart; `stride` lines are interleaved in each block of `length · stride` entries.
 * What no group holds stays.
 */
function keepInGroups(scores: Float32Array, n: number, m: number, { length, stride }: Line): Uint8Array {
  const mask = new Uint8Array(scores.length);
  const whole = Math.floor(length / m) * m;
  for (let block = 0; block < scores.length; block += length * stride) {
    mask.fill(1, block + whole * stride, block + length * stride);
    for (let group = block; group < block + whole * stride; group += m * stride) {
      for (let first = group; first < group + stride; first++) {
        for (let i = 0; i < m; i++) {
          const at = first + i * stride;
          if (rankOf(scores, at, first, i, m, stride) < n) mask[at] = 1;
        }
      }
    }
  }
  return mask;
}

/** Entries of the group that come before entry `i`: larger ones, and equal ones of lower index. */
function rankOf(scores: Float32Array, at: number, first: number, i: number, m: number, stride: number): number {
  const score = scores[at]!;
  let rank = 0;
  for (let j = 0; j < m; j++) {
    const other = scores[first + j * stride]!;
    if (other > score || (other === score && j < i)) rank++;
  }
  return rank;
}

withDataForm(requireStructure, { type: 'string', pattern: '^[1-9][0-9]{0,3}:[1-9][0-9]{0,3}$' }, (option, written) => {
  const [, n, m] = /^([1-9]\d{0,3}):([1-9]\d{0,3})$/.exec(String(written)) ?? [];
  if (n === undefined || Number(n) >= Number(m)) {
    throw new InvalidOptionError(option, written, 'a pattern n:m with n below m, such as "2:4"');
  }
  return nOfM(Number(n), Number(m));
});
