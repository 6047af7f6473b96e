import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from './crc32.js';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The definition, one bit at a time. */
function slowCrc32(bytes: Uint8Array): number {
  let state = 0xffffffff;
  for (const byte of bytes) {
    state ^= byte;
    for (let bit = 0; bit < 8; bit++) state = (state >>> 1) ^ (state & 1 ? 0xedb88320 : 0);
  }
  return ~state >>> 0;
}

// "check" values of CRC-32/ISO-HDLC in the catalog of parametrized CRC algorithms, and of RFC 1952's own code
it.each([
  ['', 0],
  ['123456789', 0xcbf43926],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
])('gives the published CRC-32 of %j', (text, expected) => {
  expect(crc32(ascii(text))).toBe(expected);
});

it('equals the bitwise definition for every length and alignment', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(7), (bytes, skip) => {
      expect(crc32(bytes.subarray(skip))).toBe(slowCrc32(bytes.subarray(skip)));
    }),
  );
});

it('continues where an earlier part ended', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (head, tail) => {
      expect(crc32(tail, crc32(head))).toBe(crc32(Uint8Array.of(...head, ...tail)));
    }),
  );
});
