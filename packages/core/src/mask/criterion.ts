import { InvalidOptionError } from '../errors/option-errors.js';
import type { LayerView } from '../method/layer.js';

/**
 * A rule that scores the entries of a layer; higher stays. One score per entry, row-major, in a new array.
 *
 * Scores of masked entries do not matter unless masked entries may come back (see {@link SelectOptions.revive}).
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
  if (typeof layer !== 'object' || layer === null) throw new InvalidOptionError('layer', layer, 'a layer');
  const { weights, mask } = layer;
  if (!(weights instanceof Float32Array)) throw new InvalidOptionError('layer.weights', weights, 'a Float32Array');
  if (!(mask instanceof Uint8Array)) throw new InvalidOptionError('layer.mask', mask, 'a Uint8Array of 0 and 1');
  const scores = new Float32Array(weights.length);
  for (let i = 0; i < scores.length; i++) scores[i] = mask[i] ? Math.abs(weights[i]!) : -1;
  return scores;
}
