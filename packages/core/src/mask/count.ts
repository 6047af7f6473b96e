import { InvalidOptionError } from '../errors/option-errors.js';
import { withDataForm } from '../options/data-form.js';

/**
 * Number of active entries of a mask.
 *
 * @param mask - One byte per entry, 0 or 1.
 *
 * @example
 * ```ts
 * import { countOnes } from '@espalier/core';
 *
 * countOnes(Uint8Array.of(1, 0, 1)); // 2
 * ```
 */
export function countOnes(mask: Uint8Array): number {
  if (!(mask instanceof Uint8Array)) throw new InvalidOptionError('mask', mask, 'a Uint8Array of 0 and 1');
  let ones = 0;
  for (let i = 0; i < mask.length; i++) ones += mask[i]!;
  return ones;
}

/**
 * Entries that stay active of `size` at a sparsity: `max(1, round(size · (1 − sparsity)))`, and 0 of an empty weight.
 *
 * This is the one rounding rule of all packages; halves are rounded up. JaxPruner and TensorFlow's toolkit round by the
 * same formula, but in Python, which takes a half to the even neighbor: of 5 entries at sparsity 0.5 they keep 2, here
 * 3 stay; of 3 entries both keep 2. Other codes differ by one or more entries.
 *
 * @param size - Entries in all, an integer ≥ 0.
 * @param sparsity - Fraction to mask, in [0, 1).
 * @throws {@link InvalidOptionError} if `size` is no integer ≥ 0 or `sparsity` is outside [0, 1); sparsity 1 would
 *   leave nothing.
 *
 * @example
 * ```ts
 * import { keptCount } from '@espalier/core';
 *
 * keptCount(1000, 0.9); // 100
 * keptCount(4, 0.99); // 1
 * keptCount(5, 0.5); // 3
 * ```
 */
export function keptCount(size: number, sparsity: number): number {
  if (!Number.isSafeInteger(size) || size < 0) throw new InvalidOptionError('size', size, 'an integer ≥ 0');
  requireSparsity('sparsity', sparsity);
  return size === 0 ? 0 : Math.max(1, Math.round(size * (1 - sparsity)));
}

/**
 * Refuses anything that is not a sparsity.
 *
 * @param option - Name of the option, for the message.
 * @param value - A number in [0, 1).
 * @throws {@link InvalidOptionError} otherwise.
 *
 * @example
 * ```ts
 * import { requireSparsity } from '@espalier/core';
 *
 * requireSparsity('sparsity', 0.9); // returns; 90 would throw
 * ```
 */
export function requireSparsity(option: string, value: number): void {
  if (typeof value !== 'number' || !(value >= 0 && value < 1)) {
    throw new InvalidOptionError(option, value, 'a fraction of masked entries in [0, 1), e.g. 0.9 for 90 %');
  }
}

withDataForm(requireSparsity, { type: 'number', minimum: 0, exclusiveMaximum: 1 });
