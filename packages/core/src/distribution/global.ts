import { keptCount } from '../mask/count.js';
import { countTop, requireRankable } from '../mask/select.js';
import type { ScoredLayer } from './distribution.js';
import { requireScoredLayers } from './require-scores.js';

/**
 * One ranking over all layers: the `max(1, round(total · (1 − sparsity)))` largest scores stay wherever they are.
 *
 * Scores of different layers are compared as they are (PyTorch's global pruning; JaxPruner divides by each layer's norm
 * first). A layer whose scores are all small can lose every entry; {@link withRules} can keep a minimum. Ties go to the
 * earlier layer, then to the lower index. O(n) time, no copy of the scores.
 *
 * @param layers - All prunable layers with their scores.
 * @param sparsity - Overall sparsity, in [0, 1).
 * @returns Entries kept, by layer name; they add up to exactly the overall count.
 * @throws {@link NonFiniteScoreError} if a score is NaN.
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
export function global(layers: readonly ScoredLayer[], sparsity: number): ReadonlyMap<string, number> {
  requireScoredLayers(layers);
  const scores = layers.map(layer => layer.scores);
  requireRankable(scores, part => layers[part]!.name);
  const total = layers.reduce((sum, layer) => sum + layer.size, 0);
  const kept = countTop(scores, keptCount(total, sparsity));
  return new Map(layers.map((layer, i) => [layer.name, kept[i]!]));
}
