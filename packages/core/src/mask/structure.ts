import { InvalidOptionError } from '../errors/option-errors.js';

/**
 * How the entries that stay may lie: the fourth factor of pruning, beside score ({@link Criterion}), distribution
 * ({@link Distribution}) and schedule ({@link Schedule}). It turns scores and a count into a mask.
 *
 * Unstructured selection is {@link keepTop} and the default everywhere; {@link nOfM} makes N:M patterns. The function's
 * `name` appears in checkpoints and reports.
 *
 * @example Whole columns of a matrix, the largest sums first.
 * ```ts
 * import { keepTop, type Structure } from '@espalier/core';
 *
 * export const columns: Structure = (scores, count, shape) => {
 *   const width = shape[1] ?? 1;
 *   const sums = new Float32Array(width);
 *   scores.forEach((score, i) => (sums[i % width]! += score));
 *   const kept = keepTop(sums, Math.round((count * width) / scores.length));
 *   return Uint8Array.from(scores, (_, i) => kept[i % width]!);
 * };
 * ```
 */
export interface Structure {
  /**
   * @param scores - One score per entry of one layer, row-major over `shape`, never NaN. Higher stays; entries that
   *   must not come back score −Infinity. Must not be modified.
   * @param count - Entries that the distribution lets the layer keep, an integer from 0 to `scores.length`.
   * @param shape - Dimensions of the layer, see {@link LayerShape.shape}.
   * @param layer - Name of the layer, for error messages.
   * @returns A new mask of `scores.length` bytes, 1 = kept.
   */
  (scores: Float32Array, count: number, shape: readonly number[], layer?: string): Uint8Array;
  /** The one sparsity that the pattern has, in [0, 1); absent if it can follow any count. */
  readonly sparsity?: number;
  /** True if it may keep more of a layer than its count, so that the overall sparsity can be missed. */
  readonly partial?: boolean;
}

/**
 * Refuses anything that is not a structure.
 *
 * @param option - Name of the option, for the message.
 * @param value - What was given.
 * @throws {@link InvalidOptionError} if it is no function.
 *
 * @example
 * ```ts
 * import { nOfM, requireStructure } from '@espalier/core';
 *
 * requireStructure('structure', nOfM(2, 4)); // returns; '2:4' would throw
 * ```
 */
export function requireStructure(option: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new InvalidOptionError(option, value, 'a structure, a function such as nOfM(2, 4) makes');
}
