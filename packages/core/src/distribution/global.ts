import { type Amount, overallCount } from '../mask/amount.js';
import { countTop, requireRankable } from '../mask/select.js';
import type { ScoredLayer } from './distribution.js';
import { requireScoredLayers } from './require-scores.js';

/**
 * One ranking over all layers: the `max(1, round(total · (1 − sparsity)))` largest scores stay wherever they are.
 *
 * Scores of different layers are compared as they are (PyTorch's global pruning; JaxPruner divides by each layer's norm
 * first, as {@link activeNormalizedMagnitude} does). A layer whose scores are all small can lose every entry;
 * {@link withRules} can keep a minimum. Ties go to the earlier layer, then to the lower index. O(n) time, no copy of
 * the scores.
 *
 * @param layers - All prunable layers with their scores.
 * @param amount - Overall sparsity, in [0, 1), or the exact count of all layers together.
 * @returns Entries kept, by layer name; they add up to exactly the overall count.
 * @throws {@link NonFiniteScoreError} if a score is NaN; {@link InvalidOptionError} if the amount is out of range.
 *
 * @example
 * ```ts
 * import { global } from '@espalier/core';
 *
 * const layer = (name: string, ...scores: number[]) => ({
 *   name, shape: [scores.length], size: scores.length, scores: Float32Array.from(scores),
 * });
 * global([layer('a', 5, 4, 3), layer('b', 1, 6, 0)], 0.5); // Map { 'a' => 2, 'b' => 1 }
 * ```
 */
export function global(layers: readonly ScoredLayer[], amount: Amount): ReadonlyMap<string, number> {
  requireScoredLayers(layers);
  const scores = layers.map(layer => layer.scores);
  requireRankable(scores, part => layers[part]!.name);
  const kept = countTop(scores, overallCount(layers, amount));
  return new Map(layers.map((layer, i) => [layer.name, kept[i]!]));
}
