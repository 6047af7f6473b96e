import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fisherMatrix, inverseOf, woodburyRecursion } from '../../test/oracles.js';
import { layoutOf } from './block-layout.js';
import { DirectInverse } from './direct-inverse.js';
import type { FisherInverse, FisherShape } from './fisher-inverse.js';
import { GramInverse } from './gram-inverse.js';

const forms = [
  ['direct', (shape: FisherShape) => new DirectInverse(shape)],
  ['Gram', (shape: FisherShape) => new GramInverse(shape)],
] as const;

/** One block that holds a whole layer of `size` outputs. */
function shapeOf(size: number, count: number, damping: number, blockSize = size): FisherShape {
  const mask = new Uint8Array(size).fill(1);
  return { layout: layoutOf({ name: 'w', shape: [size], size, mask }, blockSize), count, damping };
}

/** The inverse as rows, by products with unit vectors, and the diagonal it reports. */
function filled(inverse: FisherInverse, gradients: readonly (readonly number[])[]) {
  for (const g of gradients) inverse.add(Float32Array.from(g));
  const diagonal = inverse.invert();
  if (!diagonal) throw new Error('not positive definite');
  const rows = Array.from({ length: diagonal.length }, (_, i) => {
    const unit = new Float64Array(diagonal.length);
    unit[i] = 1;
    inverse.multiply(unit);
    return [...unit];
  });
  return { diagonal: [...diagonal], rows };
}

/** Greatest difference of two matrices, relative to the greatest entry of the second. */
function distance(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const scale = Math.max(...b.flat().map(Math.abs));
  return Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!)))) / scale;
}

/** N gradients of one size, exact in float32. */
const gradientSets = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 30 })).chain(([size, count]) =>
  fc.array(
    fc.array(
      fc.integer({ min: -2000, max: 2000 }).map(value => value / 1024),
      { minLength: size, maxLength: size },
    ),
    { minLength: count, maxLength: count },
  ),
);
const dampings = fc.constantFrom(1e-5, 1e-3, 1);

describe.each(forms)('the %s form', (_, create) => {
  it('invariant 1: is the inverse of λI + (1/N) Σ ggᵀ, by Gauss-Jordan and by the paper’s recursion', () => {
    fc.assert(
      fc.property(gradientSets, dampings, (gradients, damping) => {
        const size = gradients[0]!.length;
        const { rows, diagonal } = filled(create(shapeOf(size, gradients.length, damping)), gradients);
        const matrix = fisherMatrix(gradients, damping);
        expect(distance(rows, inverseOf(matrix))).toBeLessThan(1e-7);
        expect(distance(rows, woodburyRecursion(gradients, damping))).toBeLessThan(1e-7);
        const product = matrix.map(row => rows.map((_, j) => row.reduce((sum, f, k) => sum + f * rows[k]![j]!, 0)));
        const identity = matrix.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
        expect(distance(product, identity)).toBeLessThan(1e-6);
        diagonal.forEach((value, i) => {
          expect(Math.abs(value / rows[i]![i]! - 1)).toBeLessThan(1e-6);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('invariant 2: is symmetric and positive definite, with a diagonal in (0, 1/λ]', () => {
    fc.assert(
      fc.property(gradientSets, dampings, (gradients, damping) => {
        const size = gradients[0]!.length;
        const { rows, diagonal } = filled(create(shapeOf(size, gradients.length, damping)), gradients);
        const transposed = rows.map((_, j) => rows.map(row => row[j]!));
        expect(distance(rows, transposed)).toBeLessThan(1e-9);
        for (const value of diagonal) {
          expect(value).toBeGreaterThan(0);
          expect(value).toBeLessThanOrEqual((1 / damping) * (1 + 1e-12));
        }
        for (const g of gradients) {
          const form = g.reduce((sum, gi, i) => sum + gi * rows[i]!.reduce((part, a, j) => part + a * g[j]!, 0), 0);
          if (g.some(value => value !== 0)) expect(form).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('invariant 3: does not depend on the order of the gradients', () => {
    fc.assert(
      fc.property(gradientSets, gradients => {
        const shape = shapeOf(gradients[0]!.length, gradients.length, 1e-3);
        const forward = filled(create(shape), gradients).rows;
        const backward = filled(create(shape), gradients.toReversed()).rows;
        expect(distance(forward, backward)).toBeLessThan(1e-10);
      }),
      { numRuns: 60 },
    );
  });

  it('gives golden numbers: g = (1, 2), N = 1, λ = 1', () => {
    // F = [[2, 2], [2, 5]], det 6, F⁻¹ = [[5, −2], [−2, 2]] / 6.
    const { rows, diagonal } = filled(create(shapeOf(2, 1, 1)), [[1, 2]]);
    [5 / 6, -2 / 6, -2 / 6, 2 / 6].forEach((value, i) => {
      expect(rows.flat()[i]).toBeCloseTo(value, 14);
    });
    expect(diagonal[0]).toBeCloseTo(5 / 6, 14);
    expect(diagonal[1]).toBeCloseTo(2 / 6, 14);
  });

  it('invariant 10: blocks of 2 are inverted each for themselves', () => {
    const gradients = [
      [1, 2, 3, -1, 0.5],
      [0, 1, -2, 4, 1],
    ];
    const { rows } = filled(create(shapeOf(5, 2, 0.1, 2)), gradients);
    for (const [from, to] of [
      [0, 2],
      [2, 4],
      [4, 5],
    ] as const) {
      const part = inverseOf(
        fisherMatrix(
          gradients.map(g => g.slice(from, to)),
          0.1,
        ),
      );
      const block = rows.slice(from, to).map(row => row.slice(from, to));
      expect(distance(block, part)).toBeLessThan(1e-12);
      const outside = rows.slice(from, to).flatMap(row => [...row.slice(0, from), ...row.slice(to)]);
      expect(outside.every(value => value === 0)).toBe(true);
    }
  });

  it('reports a matrix that is not positive definite in float64 instead of numbers', () => {
    const inverse = create(shapeOf(2, 1, 1e-30));
    inverse.add(Float32Array.of(3, Number.NaN));
    expect(inverse.invert()).toBeUndefined();
  });
});
