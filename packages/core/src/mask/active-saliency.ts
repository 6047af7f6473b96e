import type { LayerView } from '../method/layer.js';
import { requireGradient, requireScorable } from './require-layer.js';

/**
 * Saliency criterion: `|w · g|` on active entries, the first-order estimate of how much the loss changes if the entry
 * becomes 0, and −1 on masked ones, which therefore rank below every active entry.
 *
 * It needs gradients: the plan of the step must say `observe: { kind: 'gradients' }`. A masked entry has no weight, so
 * its saliency is 0 whatever its gradient; with {@link SelectOptions.revive} a masked entry comes back only where there
 * are too few active ones. To grow entries rank them by `|g|`, as RigL does. Products below 1e-45 are 0 in single
 * precision, and 0 · ∞ is NaN, which ranking refuses.
 *
 * Source: Mozer & Smolensky 1988, "Skeletonization"; per weight, normalized over the model, it is SNIP's connection
 * sensitivity (Lee et al. 2019, {@link https://arxiv.org/abs/1810.02340}, equation 6). JaxPruner's `SaliencyPruning`
 * scores alike.
 *
 * @param layer - Weights, mask and gradient of one layer.
 * @returns One score per entry.
 * @throws {@link InvalidOptionError} if the view has no gradient, or weights and mask have the wrong type.
 *
 * @example
 * ```ts
 * import { activeSaliency } from '@espalier/core';
 *
 * const layer = {
 *   name: 'w', shape: [3], size: 3, mask: Uint8Array.of(1, 1, 0),
 *   weights: Float32Array.of(-2, 1, 0), gradient: Float32Array.of(0.5, 4, 9),
 * };
 * activeSaliency(layer); // Float32Array [1, 4, -1]
 * ```
 */
export function activeSaliency(
  layer: Pick<LayerView, 'name' | 'size' | 'weights' | 'mask'> & { readonly gradient?: Float32Array | undefined },
): Float32Array {
  requireScorable(layer);
  const { name, size, weights, mask } = layer;
  const gradient = requireGradient(name, size, layer.gradient);
  const scores = new Float32Array(weights.length);
  for (let i = 0; i < scores.length; i++) scores[i] = mask[i] ? Math.abs(weights[i]! * gradient[i]!) : -1;
  return scores;
}
