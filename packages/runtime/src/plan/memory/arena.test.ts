import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lifetime, layOutArena } from './arena.js';

const lifetimes = fc.array(
  fc
    .record({ bytes: fc.integer({ min: 1, max: 5000 }), first: fc.nat(20), length: fc.nat(8) })
    .map(({ bytes, first, length }): Lifetime => ({ bytes, first, last: first + length })),
  { maxLength: 30 },
);

describe('arena', () => {
  it('never lets two things that are alive at the same step overlap', () => {
    fc.assert(
      fc.property(lifetimes, items => {
        const { offsets, bytes } = layOutArena(items);
        items.forEach((a, i) => {
          expect(offsets[i]! % 64).toBe(0);
          expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(bytes);
          items.slice(0, i).forEach((b, j) => {
            if (a.first > b.last || b.first > a.last) return;
            expect(offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!).toBe(true);
          });
        });
      }),
    );
  });

  it('needs at least what is alive at the fullest step and at most the sum of everything', () => {
    fc.assert(
      fc.property(lifetimes, items => {
        const { bytes } = layOutArena(items);
        const lines = (some: readonly Lifetime[]): number =>
          some.reduce((sum, item) => sum + Math.ceil(item.bytes / 64) * 64, 0);
        for (let step = 0; step < 30; step++) {
          expect(bytes).toBeGreaterThanOrEqual(lines(items.filter(({ first, last }) => first <= step && step <= last)));
        }
        expect(bytes).toBeLessThanOrEqual(lines(items));
      }),
    );
  });

  it('gives a chain of layers two buffers', () => {
    // Four activations of 640 bytes, each alive while it is made and while the next one is: at most two at a time.
    const chain = [0, 1, 2, 3].map(step => ({ bytes: 640, first: step, last: step + 1 }));
    expect(layOutArena(chain)).toEqual({ offsets: [0, 640, 0, 640], bytes: 1280 });
  });

  it('fills the smallest gap that fits', () => {
    // At step 1 the 512 and the 256 of step 0 have left gaps; 128 bytes take the smaller one.
    const items = [
      { bytes: 1024, first: 0, last: 9 },
      { bytes: 512, first: 0, last: 0 },
      { bytes: 320, first: 0, last: 9 },
      { bytes: 256, first: 0, last: 0 },
      { bytes: 192, first: 0, last: 9 },
      { bytes: 128, first: 1, last: 1 },
    ];
    expect(layOutArena(items)).toEqual({ offsets: [0, 1024, 1536, 1856, 2112, 1856], bytes: 2304 });
  });
});
