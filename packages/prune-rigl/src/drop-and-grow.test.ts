import { countOnes, type LayerView } from '@espalier/core';
import { layer } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropAndGrow, droppedCount, gradientGrowth } from './drop-and-grow.js';

/** Layers with any mask; weights and gradients repeat and are often 0, so that ties occur. */
const layers: fc.Arbitrary<LayerView> = fc
  .array(fc.tuple(fc.nat(1), fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map(entries =>
    layer(
      'w',
      entries.map(([, weight]) => weight),
      { mask: entries.map(([bit]) => bit), gradient: entries.map(([, , gradient]) => gradient) },
    ),
  );
const fractions = fc.double({ min: 0, max: 1, noNaN: true });

const moved = (view: LayerView, fraction: number): Uint8Array =>
  dropAndGrow(view, droppedCount(countOnes(view.mask), fraction), gradientGrowth(view));
const both = (a: Uint8Array, b: Uint8Array): number => a.reduce((sum, bit, i) => sum + (bit & (b[i] ?? 0)), 0);

describe('drop and grow', () => {
  // Vectors in the style of JaxPruner's tests, worked out by hand. Active: indices 1, 3, 5, 6, so 4 · fraction move.
  // 0.25: |1| = |−1|, the lower index stays, 3 goes; |9| at 0 grows. 0.5: 5 and 6 stay; 9 at 0 and 5 at 4 grow.
  // 0.75: 5 stays; 9, 5 and 4 at 0, 4 and 2 grow. 1: nothing stays; 9, 8, 5 and 4 grow, 8 being index 5 itself.
  it.each([
    { fraction: 0, expected: [0, 1, 0, 1, 0, 1, 1, 0] },
    { fraction: 0.25, expected: [1, 1, 0, 0, 0, 1, 1, 0] },
    { fraction: 0.5, expected: [1, 0, 0, 0, 1, 1, 1, 0] },
    { fraction: 0.75, expected: [1, 0, 1, 0, 1, 1, 0, 0] },
    { fraction: 1, expected: [1, 0, 1, 0, 1, 1, 0, 0] },
  ])('moves $fraction of the active entries as in the golden vectors', ({ fraction, expected }) => {
    const weights = [0, 1, 0, -1, 0, 8, -2, 0];
    const mask = weights.map(weight => Number(weight !== 0));
    expect([...moved(layer('w', weights, { mask, gradient: [9, 1, 4, 1, 5, 8, 2, 3] }), fraction)]).toEqual(expected);
  });

  it('lets an entry that was just dropped grow again (rigl#5)', () => {
    // |0.1| is dropped, and its gradient 9 is the largest outside what is kept: nothing changes.
    const view = layer('w', [3, 0.1, 0], { mask: [1, 1, 0], gradient: [0, 9, 5] });
    expect([...moved(view, 0.5)]).toEqual([1, 1, 0]);
  });

  it('keeps the topology where the gradient is zero everywhere', () => {
    const view = layer('w', [0, 0, 0, 3, 2, 1], { mask: [0, 0, 0, 1, 1, 1], gradient: [0, 0, 0, 0, 0, 0] });
    expect([...moved(view, 0.9)]).toEqual([0, 0, 0, 1, 1, 1]);
    expect([
      ...dropAndGrow(view, 3, gradientGrowth(layer('w', [0, 0, 0, 3, 2, 1], { mask: [0, 0, 0, 1, 1, 1] }))),
    ]).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('rounds the dropped count as a product in single precision', () => {
    // 0.29 · 100 is 28.999… in double precision, but fround(0.29) · 100 rounds to 29 in single precision.
    expect(droppedCount(100, 0.29)).toBe(29);
    expect(droppedCount(10, 0.3)).toBe(3);
    expect(droppedCount(3, 0.3)).toBe(0); // few active entries: frozen
    expect(droppedCount(2 ** 24 + 1, 1)).toBeLessThanOrEqual(2 ** 24 + 1);
    expect(droppedCount(2 ** 24 + 3, 1)).toBe(2 ** 24 + 3); // single precision rounds the product up
  });

  it('rigl R1: never changes the count of a layer, and keeps at least what it does not drop', () => {
    fc.assert(
      fc.property(layers, fractions, (view, fraction) => {
        const mask = moved(view, fraction);
        const ones = countOnes(view.mask);
        expect(countOnes(mask)).toBe(ones);
        expect(both(mask, view.mask)).toBeGreaterThanOrEqual(ones - droppedCount(ones, fraction));
      }),
    );
  });

  it('rigl R2: with fraction 0 moves nothing', () => {
    fc.assert(
      fc.property(layers, view => {
        expect(moved(view, 0)).toEqual(view.mask);
      }),
    );
  });

  it('rigl R4: keeps the largest magnitudes and grows the largest gradients outside them', () => {
    // The slow way: sort by score, then by index.
    const top = (indices: number[], score: (i: number) => number, count: number): number[] =>
      indices.toSorted((a, b) => score(b) - score(a) || a - b).slice(0, count);
    fc.assert(
      fc.property(layers, fractions, ({ ...view }, fraction) => {
        const { weights, mask, gradient = new Float32Array() } = view;
        const all = [...mask.keys()];
        const active = all.filter(i => mask[i]);
        const count = droppedCount(active.length, fraction);
        const kept = top(active, i => Math.abs(weights[i] ?? 0), active.length - count);
        const rest = all.filter(i => !kept.includes(i));
        const grown = top(rest, i => Math.abs(gradient[i] ?? 0) || (mask[i] ? 0 : -1), count);
        expect(all.filter(i => moved(view, fraction)[i])).toEqual([...kept, ...grown].toSorted((a, b) => a - b));
      }),
    );
  });

  it('rigl R5: changes at most twice the dropped count', () => {
    fc.assert(
      fc.property(layers, fractions, (view, fraction) => {
        const changes = moved(view, fraction).reduce((sum, bit, i) => sum + Number(bit !== view.mask[i]), 0);
        expect(changes).toBeLessThanOrEqual(2 * droppedCount(countOnes(view.mask), fraction));
      }),
    );
  });
});
