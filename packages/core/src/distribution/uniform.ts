import type { Amount } from '../mask/amount.js';
import { keptCount } from '../mask/count.js';
import { requireLayers } from '../method/require-layers.js';
import type { ScoredLayer } from './distribution.js';
import { proportional } from './proportional.js';

/**
 * The same sparsity in every layer: each keeps `max(1, round(size · (1 − sparsity)))`.
 *
 * Each layer is rounded by itself, so the counts of a sparsity can miss the overall count by half an entry a layer.
 * Those of an exact count add up to it: every layer keeps its share rounded down or up, see {@link proportional}.
 *
 * "Uniform" in the literature often leaves the first convolution dense (RigL, ResNet-50); say so with
 * {@link withRules}, and report the overall sparsity that results.
 *
 * @param layers - All prunable layers.
 * @param amount - Sparsity of each layer, in [0, 1), or the exact count of all layers together.
 * @returns Entries kept, by layer name.
 * @throws {@link InvalidOptionError} if the amount is out of range.
 *
 * @example
 * ```ts
 * import { uniform } from '@espalier/core';
 *
 * uniform([{ name: 'w', shape: [10], size: 10, scores: new Float32Array(10) }], 0.8); // Map { 'w' => 2 }
 * ```
 */
export function uniform(layers: readonly ScoredLayer[], amount: Amount): ReadonlyMap<string, number> {
  requireLayers(layers);
  if (typeof amount !== 'number') return proportional(layers, amount, ({ size }) => size);
  return new Map(layers.map(({ name, size }) => [name, keptCount(size, amount)]));
}
