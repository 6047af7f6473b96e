import { InvalidOptionError } from '../errors/option-errors.js';
import { type Amount, overallCount } from '../mask/amount.js';
import { countTop, requireRankable } from '../mask/select.js';
import type { ScoredLayer } from './distribution.js';
import { requireScoredLayers } from './require-scores.js';

/** `part / whole`, with 0/0 = 0 and ∞/∞ = 1. */
function share(part: number, whole: number): number {
  if (part === Infinity) return 1;
  return whole > 0 ? part / whole : 0;
}

/** Scores of magnitudes in ascending order. */
function scoresOfSorted(sorted: Float32Array): Float32Array {
  const scores = new Float32Array(sorted.length);
  let rest = 0;
  for (let i = sorted.length - 1; i >= 0; i--) {
    const magnitude = sorted[i]!;
    const square = magnitude * magnitude;
    if (magnitude >= 0) rest += square;
    scores[i] = magnitude < 0 ? -1 : share(square, rest);
  }
  if (sorted.length > 0 && sorted[sorted.length - 1]! >= 0) scores[sorted.length - 1] = 1;
  return scores;
}

/**
 * LAMP scores of one layer, entry by entry: `w² / Σ v²` over all entries `v` at or above `w`.
 *
 * The largest entry scores 1. Of equal magnitudes the later entry counts as above the earlier one, as in the authors'
 * code. Entries with a negative magnitude (masked ones) score −1.
 *
 * @param magnitudes - One magnitude per entry; negative means masked. Not modified.
 * @returns A new array, one score per entry in the order of the magnitudes.
 * @throws {@link NonFiniteScoreError} if a magnitude is NaN; {@link InvalidOptionError} if they are no `Float32Array`.
 *
 * @example
 * ```ts
 * import { lampScores } from '@espalier/core';
 *
 * lampScores(Float32Array.of(2, 1)); // Float32Array [1, 0.2]: 4/4, 1/(1+4)
 * ```
 */
export function lampScores(magnitudes: Float32Array): Float32Array {
  if (!(magnitudes instanceof Float32Array)) throw new InvalidOptionError('magnitudes', magnitudes, 'a Float32Array');
  requireRankable([magnitudes], () => '');
  const order = Uint32Array.from(magnitudes.keys()).sort((i, j) => magnitudes[i]! - magnitudes[j]! || i - j);
  const sorted = scoresOfSorted(Float32Array.from(order, i => magnitudes[i]!));
  const scores = new Float32Array(magnitudes.length);
  for (const [rank, i] of order.entries()) scores[i] = sorted[rank]!;
  return scores;
}

/**
 * LAMP: a global ranking of {@link lampScores}, so every layer keeps its largest entry and layers are cut according to
 * how much of their norm an entry carries. Expects magnitudes as scores ({@link activeMagnitude}).
 *
 * Source: Lee et al. 2021, {@link https://arxiv.org/abs/2010.07611}, section 3.
 *
 * @param layers - All prunable layers, scored by magnitude.
 * @param amount - Overall sparsity, in [0, 1), or the exact count of all layers together.
 * @returns Entries kept, by layer name; they add up to `max(1, round(total · (1 − sparsity)))`, or the exact count.
 *   Only when that is less than the number of layers does a later layer keep nothing.
 * @throws {@link NonFiniteScoreError} if a score is NaN; {@link InvalidOptionError} if the amount is out of range.
 *
 * @example
 * ```ts
 * import { lamp } from '@espalier/core';
 *
 * const layer = (name: string, ...scores: number[]) => ({
 *   name, shape: [scores.length], size: scores.length, scores: Float32Array.from(scores),
 * });
 * lamp([layer('large', 100, 90, 80), layer('small', 0.1, 0.01)], 0.4); // Map { 'large' => 2, 'small' => 1 }
 * ```
 */
export function lamp(layers: readonly ScoredLayer[], amount: Amount): ReadonlyMap<string, number> {
  requireScoredLayers(layers);
  requireRankable(
    layers.map(layer => layer.scores),
    part => layers[part]!.name,
  );
  const kept = countTop(
    layers.map(layer => scoresOfSorted(Float32Array.from(layer.scores).sort())),
    overallCount(layers, amount),
  );
  return new Map(layers.map(({ name }, i) => [name, kept[i]!]));
}
