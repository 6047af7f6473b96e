import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutOf } from './block-layout.js';

const layer = (shape: readonly number[], mask: readonly number[]) => ({
  name: 'w',
  shape,
  size: mask.length,
  mask: Uint8Array.from(mask),
});

describe('layoutOf', () => {
  it('orders a dense kernel [in, out] output by output', () => {
    // Row-major [2, 3]: entry = in · 3 + out.
    const { entries, bounds } = layoutOf(layer([2, 3], [1, 1, 1, 1, 1, 1]), 4);
    expect([...entries]).toEqual([0, 3, 1, 4, 2, 5]);
    expect(bounds).toEqual([0, 4, 6]);
  });

  it('orders a convolution [height, width, in, out] as [out, in, height, width]', () => {
    // [1, 2, 2, 2]: entry = (width · 2 + in) · 2 + out.
    const { entries } = layoutOf(layer([1, 2, 2, 2], Array(8).fill(1)), 8);
    expect([...entries]).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
  });

  it('leaves masked entries out of blocks whose borders they still count for', () => {
    // Order 0 3 1 4 2 5, chunks (0 3) (1 4) (2 5); 3, 1 and 4 are masked, which empties the middle chunk.
    const { entries, bounds } = layoutOf(layer([2, 3], [1, 0, 1, 0, 0, 1]), 2);
    expect([...entries]).toEqual([0, 2, 5]);
    expect(bounds).toEqual([0, 1, 3]);
  });

  it('puts every active entry into exactly one block of at most blockSize', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 1, max: 20 }),
        fc.infiniteStream(fc.constantFrom(0, 1)),
        (shape, blockSize, bits) => {
          const mask = Array.from({ length: shape.reduce((a, b) => a * b) }, () => bits.next().value ?? 0);
          const layout = layoutOf(layer(shape, mask), blockSize);
          const active = mask.flatMap((bit, i) => (bit ? [i] : []));
          expect([...layout.entries].sort((a, b) => a - b)).toEqual(active);
          const widths = layout.bounds.slice(1).map((end, i) => end - layout.bounds[i]!);
          expect(widths.every(width => width > 0 && width <= blockSize)).toBe(true);
          expect(layout.bounds[0]).toBe(0);
          expect(layout.bounds.at(-1)).toBe(active.length);
        },
      ),
    );
  });
});
