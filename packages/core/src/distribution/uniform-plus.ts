import { InfeasibleDistributionError } from '../errors/method-errors.js';
import { type Amount, overallCount } from '../mask/amount.js';
import { requireLayers } from '../method/require-layers.js';
import { apportion } from './apportion.js';
import type { ScoredLayer } from './distribution.js';

/** Least density of the last fully connected layer. */
const LAST_DENSITY = 0.2;

/**
 * Uniform+: the first convolution stays dense, the last fully connected layer keeps at least 20 %, and all others share
 * one density such that the overall count is exactly `max(1, round(total · (1 − sparsity)))`, or the exact count asked
 * for.
 *
 * The first convolution is the first layer with more than two dimensions, the last fully connected layer the last one
 * with two; a model without one of them simply lacks that exception.
 *
 * Source: Gale et al. 2019, {@link https://arxiv.org/abs/1902.09574}; the count as in Lee et al. 2021,
 * {@link https://arxiv.org/abs/2010.07611}.
 *
 * @param layers - All prunable layers, in the model's order.
 * @param amount - Overall sparsity, in [0, 1), or the exact count of all layers together.
 * @returns Entries kept, by layer name.
 * @throws {@link InfeasibleDistributionError} if the exceptions alone exceed the overall count;
 *   {@link InvalidOptionError} if the amount is out of range.
 *
 * @example
 * ```ts
 * import { uniformPlus } from '@espalier/core';
 *
 * const layer = (name: string, ...shape: number[]) => {
 *   const size = shape.reduce((a, b) => a * b);
 *   return { name, shape, size, scores: new Float32Array(size) };
 * };
 * const layers = [layer('first', 3, 3, 1, 4), layer('middle', 40, 10), layer('last', 10, 10)];
 * uniformPlus(layers, 0.8); // Map { 'first' => 36, 'middle' => 51, 'last' => 20 }
 * ```
 */
export function uniformPlus(layers: readonly ScoredLayer[], amount: Amount): ReadonlyMap<string, number> {
  requireLayers(layers);
  const total = overallCount(layers, amount);
  const first = layers.find(({ shape }) => shape.length > 2);
  const last = layers.findLast(layer => layer.shape.length === 2 && layer !== first);
  const kept = new Map<string, number>();
  if (first) kept.set(first.name, first.size);

  const density = (): number => {
    const free = layers.filter(({ name }) => !kept.has(name));
    const budget = total - [...kept.values()].reduce((sum, count) => sum + count, 0);
    return (
      budget /
      Math.max(
        1,
        free.reduce((sum, { size }) => sum + size, 0),
      )
    );
  };
  if (last && density() < LAST_DENSITY) kept.set(last.name, Math.max(1, Math.round(LAST_DENSITY * last.size)));

  const free = layers.filter(({ name }) => !kept.has(name));
  const fixed = [...kept.values()].reduce((sum, count) => sum + count, 0);
  if (total - fixed < free.length) {
    throw new InfeasibleDistributionError(
      'uniform+',
      `${typeof amount === 'number' ? `At sparsity ${amount} only` : 'Only'} ${total} entries stay, but the dense first and the 20 % last layer need ${fixed} ` +
        `and ${free.length} other layers at least one each. Use a lower sparsity, or another distribution.`,
    );
  }
  const sizes = free.map(({ size }) => size);
  const counts = apportion(sizes, sizes, total - fixed, 1);
  for (const [i, { name }] of free.entries()) kept.set(name, counts[i]!);
  return kept;
}
