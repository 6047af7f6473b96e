import { InvalidOptionError } from '../errors/option-errors.js';
import { type Amount, overallCount } from '../mask/amount.js';
import type { LayerShape } from '../method/layer.js';
import { requireLayers } from '../method/require-layers.js';
import { rules } from '../options/rules.js';
import { apportion } from './apportion.js';

/**
 * Counts in proportion to a number for each layer that add up to exactly the overall count: what most distributions of
 * one's own need.
 *
 * Each count is its share rounded down or up, largest remainders up first, earlier layers on ties. No layer keeps more
 * than it has, and none that has entries keeps less than one as long as the overall count allows it; what these bounds
 * add or take, the other layers give or get in the same proportion.
 *
 * @param layers - Prunable layers, in the model's order.
 * @param amount - Overall sparsity, or the exact count of all layers together.
 * @param weightOf - The layer's number: finite, and above 0 if the layer has entries.
 * @returns Entries kept, by layer name; they add up to {@link overallCount}.
 * @throws {@link InvalidOptionError} if the amount or a layer's number is out of range.
 *
 * @example A distribution that keeps a number of entries in proportion to the outputs of a layer.
 * ```ts
 * import { type Distribution, proportional } from '@espalier/core';
 *
 * export const byOutputs: Distribution = (layers, amount) =>
 *   proportional(layers, amount, ({ shape }) => shape.at(-1) ?? 1);
 * ```
 */
export function proportional<Layer extends LayerShape>(
  layers: readonly Layer[],
  amount: Amount,
  weightOf: (layer: Layer) => number,
): Map<string, number> {
  requireLayers(layers);
  rules.function('weightOf', weightOf as never);
  const total = overallCount(layers, amount);
  const filled = layers.filter(({ size }) => size > 0);
  const weights = filled.map(layer => {
    const weight = weightOf(layer);
    if (Number.isFinite(weight) && weight > 0) return weight;
    throw new InvalidOptionError(`weightOf("${layer.name}")`, weight, 'a number above 0');
  });
  const sizes = filled.map(({ size }) => size);
  const counts = apportion(weights, sizes, total, total >= filled.length ? 1 : 0);
  const kept = new Map(layers.map(({ name }) => [name, 0]));
  for (const [i, { name }] of filled.entries()) kept.set(name, counts[i]!);
  return kept;
}
