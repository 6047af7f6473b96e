import type { LayerView } from '../method/layer.js';
import { requireScorable } from './require-layer.js';

/**
 * A rule that scores the entries of a layer; higher stays. One score per entry, row-major, in a new array.
 *
 * Scores of masked entries do not matter unless masked entries may come back (see {@link SelectOptions.revive}). Ready
 * ones are {@link activeMagnitude}, {@link activeNormalizedMagnitude}, {@link activeSaliency} and {@link randomScores}.
 */
export type Criterion = (layer: LayerView) => Float32Array;

/**
 * Magnitude criterion: `|w|` on active entries and −1 on masked ones, which therefore rank below every active entry.
 *
 * @param layer - Weights and mask of one layer.
 * @returns One score per entry.
 *
 * @example
 * ```ts
 * import { activeMagnitude } from '@espalier/core';
 *
 * const layer = { name: 'w', shape: [3], size: 3, weights: Float32Array.of(-2, 1, 0), mask: Uint8Array.of(1, 1, 0) };
 * activeMagnitude(layer); // Float32Array [2, 1, -1]
 * ```
 */
export function activeMagnitude(layer: Pick<LayerView, 'weights' | 'mask'>): Float32Array {
  requireScorable(layer);
  const { weights, mask } = layer;
  const scores = new Float32Array(weights.length);
  for (let i = 0; i < scores.length; i++) scores[i] = mask[i] ? Math.abs(weights[i]!) : -1;
  return scores;
}
