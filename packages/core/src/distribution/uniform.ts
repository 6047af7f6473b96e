import { keptCount } from '../mask/count.js';
import { requireLayers } from '../method/require-layers.js';
import type { ScoredLayer } from './distribution.js';

/**
 * The same sparsity in every layer: each keeps `max(1, round(size · (1 − sparsity)))`.
 *
 * "Uniform" in the literature often leaves the first convolution dense (RigL, ResNet-50); say so with
 * {@link withRules}, and report the overall sparsity that results.
 *
 * @param layers - All prunable layers.
 * @param sparsity - Sparsity of each layer, in [0, 1).
 * @returns Entries kept, by layer name.
 *
 * @example
 * ```ts
 * import { uniform } from '@espalier/core';
 *
 * uniform([{ name: 'w', shape: [10], size: 10, scores: new Float32Array(10) }], 0.8); // Map { 'w' => 2 }
 * ```
 */
export function uniform(layers: readonly ScoredLayer[], sparsity: number): ReadonlyMap<string, number> {
  requireLayers(layers);
  return new Map(layers.map(({ name, size }) => [name, keptCount(size, sparsity)]));
}
