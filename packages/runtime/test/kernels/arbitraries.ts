import fc from 'fast-check';
import { LANES } from '../../src/engine/lanes.js';
import type { Padding } from '../../src/graph/graph.js';

/** A tile width. */
export const anyLanes: fc.Arbitrary<number> = fc.constantFrom(...LANES);

/** Margins of 0 to 3. */
export const anyPadding: fc.Arbitrary<Padding> = fc.record({
  top: fc.nat(3),
  bottom: fc.nat(3),
  left: fc.nat(3),
  right: fc.nat(3),
});

/** Widths of one tile, of whole tiles and of anything between. */
export const anyWidth: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(16, 28, 32, 56, 64, 112),
);

/** A size and any two numbers of an inclusive range. */
export const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** What decides how a window's pixels are read. */
interface WindowCase {
  readonly pointwise: boolean;
  readonly kernel: [number, number];
  readonly strides: [number, number];
  readonly padding: Padding;
}

/** Makes the cases that say so pointwise: those are read in place. */
export function sometimesPointwise<Case extends WindowCase>(each: Case): Case {
  if (!each.pointwise) return each;
  return { ...each, kernel: [1, 1], strides: [1, 1], padding: { top: 0, bottom: 0, left: 0, right: 0 } };
}
