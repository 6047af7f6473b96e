import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CorruptCheckpointError, InvalidOptionError } from '../../errors/index.js';
import { packMask, unpackMask } from './packed-mask.js';

const bit = fc.integer({ min: 0, max: 1 });

it('puts entry i into bit i mod 8, least significant first', () => {
  // entries 0, 2 and 7 → 1 + 4 + 128 = 133; entries 9 and 10 → 2 + 4 = 6
  expect([...packMask(Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1))]).toEqual([133, 6]);
});

it('returns every mask unchanged from its packed form', () => {
  fc.assert(
    fc.property(fc.array(bit, { maxLength: 100 }), entries => {
      const mask = Uint8Array.from(entries);
      const packed = packMask(mask);
      expect(packed.length).toBe(Math.ceil(mask.length / 8));
      expect(unpackMask(packed, mask.length)).toEqual(mask);
    }),
  );
});

it.each([0, 7, 8, 9])('refuses an entry of 2 at place %i and names it', index => {
  const mask = new Uint8Array(10);
  mask[index] = 2;
  expect(() => packMask(mask)).toThrow(InvalidOptionError);
  expect(() => packMask(mask)).toThrow(`mask[${index}]`);
});

it('refuses bits behind the last entry, and a wrong number of bytes', () => {
  expect(() => unpackMask(Uint8Array.of(0b1000), 3)).toThrow(CorruptCheckpointError);
  expect(() => unpackMask(Uint8Array.of(0, 0), 8)).toThrow(CorruptCheckpointError);
  expect(() => unpackMask(Uint8Array.of(), 1)).toThrow(CorruptCheckpointError);
  expect(() => unpackMask(Uint8Array.of(), -1)).toThrow(InvalidOptionError);
});
