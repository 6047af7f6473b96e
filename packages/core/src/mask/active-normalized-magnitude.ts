import type { LayerView } from '../method/layer.js';
import { requireScorable } from './require-layer.js';

/**
 * Magnitude relative to the layer: `|w| / ‖w‖`, where `‖w‖` is the square root of the sum of squares over the active
 * entries of the layer; −1 on masked entries, which therefore rank below every active entry.
 *
 * Within a layer the order is that of {@link activeMagnitude}; it differs under {@link global}, which otherwise
 * compares layers of different scale as they are. JaxPruner ranks so by default, dividing by `‖w‖ + 1e-8`. Here a layer
 * whose active entries are all 0 scores 0 everywhere. An infinite weight scores 1 and makes the finite ones of its
 * layer 0; a NaN scores NaN, which ranking refuses. With {@link SelectOptions.revive} a masked entry comes back only
 * where there are too few active ones.
 *
 * Source: JaxPruner, {@link https://arxiv.org/abs/2304.14082}, `GlobalPruningMixin` of `global_pruners.py`.
 *
 * @param layer - Weights and mask of one layer.
 * @returns One score per entry, in [0, 1] on active entries.
 * @throws {@link InvalidOptionError} if weights or mask have the wrong type.
 *
 * @example
 * ```ts
 * import { activeNormalizedMagnitude } from '@espalier/core';
 *
 * const layer = { name: 'w', shape: [3], size: 3, weights: Float32Array.of(-3, 4, 0), mask: Uint8Array.of(1, 1, 0) };
 * activeNormalizedMagnitude(layer); // Float32Array [0.6, 0.8, -1]: the norm is 5
 * ```
 */
export function activeNormalizedMagnitude(layer: Pick<LayerView, 'weights' | 'mask'>): Float32Array {
  requireScorable(layer);
  const { weights, mask } = layer;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    // A NaN would make every score of the layer NaN, and the error would name the wrong entry.
    if (mask[i] && !Number.isNaN(weight)) squares += weight * weight;
  }
  const norm = Math.sqrt(squares);
  const scores = new Float32Array(weights.length);
  for (let i = 0; i < scores.length; i++) scores[i] = mask[i] ? share(Math.abs(weights[i]!), norm) : -1;
  return scores;
}

/** `part / whole`, with 0/0 = 0 and ∞/∞ = 1. */
function share(part: number, whole: number): number {
  if (part === Infinity) return 1;
  return whole > 0 ? part / whole : part;
}
