import { InvalidOptionError } from '../errors/option-errors.js';
import { nthLargest, requireRankable } from './select.js';

/**
 * Mask that keeps the `count` largest scores of one layer.
 *
 * The result has exactly `min(count, scores.length)` ones. Among equal scores the lower index stays (−0 equals 0), so
 * the result does not depend on the backend. Runs in O(n) with 512 KiB of scratch space.
 *
 * @param scores - One score per entry, row-major, finite or infinite. Not modified.
 * @param count - Entries to keep, an integer ≥ 0.
 * @param layer - Name of the layer, for the error message.
 * @returns A new mask of `scores.length` bytes, 1 = kept.
 * @throws {@link NonFiniteScoreError} if a score is NaN; {@link InvalidOptionError} if an argument has the wrong type.
 *
 * @example Keep the two largest of four; the tie goes to index 0.
 * ```ts
 * import { keepTop } from '@espalier/core';
 *
 * keepTop(Float32Array.of(1, 3, 1, -2), 2); // Uint8Array [1, 1, 0, 0]
 * ```
 */
export function keepTop(scores: Float32Array, count: number, layer = ''): Uint8Array {
  if (!(scores instanceof Float32Array)) throw new InvalidOptionError('scores', scores, 'a Float32Array');
  if (typeof count !== 'number' || Number.isNaN(count)) throw new InvalidOptionError('count', count, 'an integer ≥ 0');
  requireRankable([scores], () => layer);
  const mask = new Uint8Array(scores.length);
  if (count <= 0) return mask;
  if (count >= scores.length) return mask.fill(1);
  const threshold = nthLargest([scores], count);
  let kept = 0;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! > threshold) {
      mask[i] = 1;
      kept++;
    }
  }
  for (let i = 0; kept < count; i++) {
    if (scores[i] === threshold) {
      mask[i] = 1;
      kept++;
    }
  }
  return mask;
}
