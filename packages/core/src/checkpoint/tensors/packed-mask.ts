import { InvalidOptionError } from '../../errors/option-errors.js';
import { fail } from '../fail.js';

/** Bytes that {@link packMask} needs for a mask of `size` entries. */
export function packedLength(size: number): number {
  return Math.ceil(size / 8);
}

/**
 * Packs a mask into one bit per entry: entry `i` is bit `i mod 8`, counted from the least significant, of byte
 * `floor(i / 8)`. Unused bits of the last byte are 0. NumPy: `packbits(mask.ravel(), bitorder='little')`.
 *
 * @param mask - One byte per entry over the flattened, row-major tensor; 1 = active, 0 = masked. Not modified.
 * @returns A new array of `ceil(mask.length / 8)` bytes.
 * @throws {@link InvalidOptionError} if an entry is neither 0 nor 1.
 *
 * @example
 * ```ts
 * import { packMask } from '@espalier/core';
 *
 * packMask(Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0, 1)); // Uint8Array [2, 1]
 * ```
 */
export function packMask(mask: Uint8Array): Uint8Array {
  if (!(mask instanceof Uint8Array)) throw new InvalidOptionError('mask', mask, 'a Uint8Array of zeros and ones');
  const packed = new Uint8Array(packedLength(mask.length));
  let seen = 0;
  const whole = mask.length & ~7;
  for (let at = 0, byte = 0; at < whole; at += 8, byte++) {
    const [b0, b1, b2, b3] = [mask[at]!, mask[at + 1]!, mask[at + 2]!, mask[at + 3]!];
    const [b4, b5, b6, b7] = [mask[at + 4]!, mask[at + 5]!, mask[at + 6]!, mask[at + 7]!];
    seen |= b0 | b1 | b2 | b3 | b4 | b5 | b6 | b7;
    packed[byte] = b0 | (b1 << 1) | (b2 << 2) | (b3 << 3) | (b4 << 4) | (b5 << 5) | (b6 << 6) | (b7 << 7);
  }
  for (let at = whole; at < mask.length; at++) {
    seen |= mask[at]!;
    packed[at >> 3]! |= mask[at]! << (at & 7);
  }
  if (seen > 1) {
    const index = mask.findIndex(entry => entry > 1);
    throw new InvalidOptionError(`mask[${index}]`, mask[index], '0 or 1');
  }
  return packed;
}

/**
 * Unpacks what {@link packMask} packed.
 *
 * @param packed - `ceil(size / 8)` bytes. Not modified.
 * @param size - Entries of the mask, an integer ≥ 0.
 * @returns A new mask of `size` bytes, 1 = active, 0 = masked.
 * @throws {@link CorruptCheckpointError} if the number of bytes is wrong or an unused bit is set.
 *
 * @example
 * ```ts
 * import { unpackMask } from '@espalier/core';
 *
 * unpackMask(Uint8Array.of(2, 1), 9); // Uint8Array [0, 1, 0, 0, 0, 0, 0, 0, 1]
 * ```
 */
export function unpackMask(packed: Uint8Array, size: number): Uint8Array {
  if (!Number.isSafeInteger(size) || size < 0) throw new InvalidOptionError('size', size, 'an integer ≥ 0');
  if (packed.length !== packedLength(size)) {
    fail(`A packed mask has ${packed.length} bytes, but ${size} entries need ${packedLength(size)}.`);
  }
  const unused = size & 7;
  if (unused !== 0 && packed[packed.length - 1]! >> unused !== 0) {
    fail(`A packed mask of ${size} entries has bits set behind its last entry.`);
  }
  const mask = new Uint8Array(size);
  for (let at = 0; at < size; at++) mask[at] = (packed[at >>> 3]! >>> (at & 7)) & 1;
  return mask;
}
