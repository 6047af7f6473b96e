import { InvalidOptionError } from '../errors/option-errors.js';
import type { LayerShape } from '../method/layer.js';
import { requireLayers } from '../method/require-layers.js';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';
import { keptCount, requireSparsity } from './count.js';

/**
 * How much of a model stays: a sparsity, the fraction of masked entries in [0, 1), which is rounded to entries; or the
 * exact number of entries that stay in all layers together, an integer from 1 to the number of entries.
 */
export type Amount = number | KeptEntries;

/** An exact number of entries that stay. */
export interface KeptEntries {
  /** Active entries of all layers together, an integer from 1 to their number of entries (0 if that is 0). */
  readonly kept: number;
}

/**
 * Refuses anything that is neither a sparsity nor an exact count.
 *
 * @param option - Name of the option, for the message.
 * @param value - A number in [0, 1), or an object with a number of entries `kept`.
 * @throws {@link InvalidOptionError} otherwise; {@link UnknownOptionError} if the object has another key.
 *
 * @example
 * ```ts
 * import { requireAmount } from '@espalier/core';
 *
 * requireAmount('amount', 0.9); // returns, and so does { kept: 1234 }; 90 would throw
 * ```
 */
export function requireAmount(option: string, value: Amount): void {
  if (typeof value === 'number') {
    requireSparsity(option, value);
    return;
  }
  if (typeof value !== 'object' || value === null) {
    throw new InvalidOptionError(
      option,
      value,
      'a sparsity in [0, 1), e.g. 0.9 for 90 %, or { kept: entries that stay }',
    );
  }
  checkOptions<KeptEntries>(value, { kept: rules.integer({ from: 0 }) }, option);
}

/**
 * Entries that stay in all layers together: `max(1, round(total · (1 − sparsity)))` as {@link keptCount} has it, or the
 * exact count.
 *
 * @param layers - The layers.
 * @param amount - A sparsity, or an exact count.
 * @returns The count, an integer from 1 to the number of entries of the layers, or 0 if they have none.
 * @throws {@link InvalidOptionError} if the sparsity is outside [0, 1), or the count is no integer from 1 to the number
 *   of entries.
 *
 * @example
 * ```ts
 * import { overallCount } from '@espalier/core';
 *
 * const layers = [{ name: 'a', shape: [10, 10], size: 100 }, { name: 'b', shape: [10], size: 10 }];
 * overallCount(layers, 0.9); // 11
 * overallCount(layers, { kept: 12 }); // 12
 * ```
 */
export function overallCount(layers: readonly LayerShape[], amount: Amount): number {
  const total = sizeOf(layers);
  if (typeof amount === 'number') return keptCount(total, amount);
  requireAmount('amount', amount);
  const { kept } = amount;
  const least = Math.min(1, total);
  if (kept >= least && kept <= total) return kept;
  throw new InvalidOptionError('amount.kept', kept, `an integer from ${least} to ${total}, the entries of all layers`);
}

/**
 * The sparsity that an amount means for these layers: the given one, or `1 − kept / total` (0 if there are no entries).
 *
 * @param layers - The layers.
 * @param amount - A sparsity, or an exact count.
 * @returns A fraction in [0, 1).
 * @throws {@link InvalidOptionError} as {@link overallCount}.
 *
 * @example
 * ```ts
 * import { overallSparsity } from '@espalier/core';
 *
 * overallSparsity([{ name: 'a', shape: [10, 10], size: 100 }], { kept: 25 }); // 0.75
 * ```
 */
export function overallSparsity(layers: readonly LayerShape[], amount: Amount): number {
  const count = overallCount(layers, amount);
  if (typeof amount === 'number') return amount;
  return count === 0 ? 0 : 1 - count / sizeOf(layers);
}

function sizeOf(layers: readonly LayerShape[]): number {
  requireLayers(layers);
  return layers.reduce((sum, { size }) => sum + size, 0);
}
