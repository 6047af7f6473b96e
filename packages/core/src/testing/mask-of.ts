import { InvalidOptionError } from '../errors/option-errors.js';
import { rules } from '../options/rules.js';

/**
 * A mask written as text, for golden tests.
 *
 * @param bits - `1` for active, `0` for masked; spaces are ignored.
 * @returns One byte per digit.
 * @throws {@link InvalidOptionError} if there is anything but 0, 1 and spaces.
 *
 * @example
 * ```ts
 * import { maskOf } from '@espalier/core/testing';
 *
 * maskOf('10 11'); // Uint8Array [1, 0, 1, 1]
 * ```
 */
export function maskOf(bits: string): Uint8Array {
  if (typeof bits !== 'string' || !/^[01 ]*$/.test(bits))
    throw new InvalidOptionError('bits', bits, 'made of 0, 1 and spaces');
  return Uint8Array.from(bits.replaceAll(' ', ''), Number);
}

/**
 * A mask as text, the inverse of {@link maskOf}.
 *
 * @param mask - One byte per entry.
 * @returns One digit per entry.
 *
 * @example
 * ```ts
 * import { bitsOf } from '@espalier/core/testing';
 *
 * bitsOf(Uint8Array.of(1, 0, 1)); // '101'
 * ```
 */
export function bitsOf(mask: Uint8Array): string {
  rules.that('a Uint8Array', value => value instanceof Uint8Array)('mask', mask as never);
  return Array.from(mask, String).join('');
}
