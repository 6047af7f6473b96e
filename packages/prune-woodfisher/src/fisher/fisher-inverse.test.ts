import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFile } from '../../test/memory-file.js';
import { fisherMatrix, inverseOf, woodburyRecursion } from '../../test/oracles.js';
import { bandsOf, type FisherForm, SEGMENT } from './band.js';
import { layoutOf } from './block-layout.js';
import { LayerFisher } from './layer-fisher.js';
import { runFisherTask } from './task.js';

const ways = [
  ['direct form in memory', 'direct', undefined],
  ['direct form in a file', 'direct', 0],
  ['Gram form in memory', 'gram', undefined],
  ['Gram form in a file', 'gram', 0],
] as const;
type Way = readonly [form: FisherForm, fileAt: number | undefined];

/**
 * The inverse as rows, by products with unit vectors, and the diagonal it reports; undefined: not positive definite.
 */
function filled(
  [form, fileAt]: Way,
  gradients: readonly (readonly number[])[],
  damping: number,
  blockSize = gradients[0]!.length,
) {
  const size = gradients[0]!.length;
  const layer = { name: 'w', shape: [size], size, mask: new Uint8Array(size).fill(1) };
  const layout = layoutOf(layer, blockSize);
  const bands = bandsOf(layout, form, gradients.length, damping);
  const allocate = (bytes: number): ArrayBuffer => new ArrayBuffer(bytes);
  const work = { allocate, run: async () => [], close: async () => {} };
  const fisher = new LayerFisher({ layer, layout, bands }, work, fileAt);
  const file = memoryFile();
  gradients.forEach((g, n) => {
    fisher.put(Float32Array.from(g), n);
    if ((n + 1) % SEGMENT !== 0 && n + 1 < gradients.length) return;
    for (const task of fisher.intake(n - (n % SEGMENT))) runFisherTask(task, file);
  });
  if (!fisher.invert().every(task => runFisherTask(task, file))) return undefined;
  const rows = Array.from({ length: size }, (_, i) => {
    fisher.vector.fill(0);
    fisher.vector[i] = 1;
    for (const task of fisher.multiply()) runFisherTask(task, file);
    return [...fisher.vector];
  });
  return { diagonal: [...fisher.diagonal], rows };
}

function inverted(...given: Parameters<typeof filled>): { diagonal: number[]; rows: number[][] } {
  const result = filled(...given);
  if (!result) throw new Error('not positive definite');
  return result;
}

/** Greatest difference of two matrices, relative to the greatest entry of the second. */
function distance(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const scale = Math.max(...b.flat().map(Math.abs));
  return Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!)))) / scale;
}

/** N gradients of one size, exact in float32. */
const gradientSets = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40 })).chain(([size, count]) =>
  fc.array(
    fc.array(
      fc.integer({ min: -2000, max: 2000 }).map(value => value / 1024),
      { minLength: size, maxLength: size },
    ),
    { minLength: count, maxLength: count },
  ),
);
const dampings = fc.constantFrom(1e-5, 1e-3, 1);

describe.each(ways)('the %s', (_, ...way) => {
  it('woodfisher W1: is the inverse of λI + (1/N) Σ ggᵀ, by Gauss-Jordan and by the paper’s recursion', () => {
    fc.assert(
      fc.property(gradientSets, dampings, (gradients, damping) => {
        const { rows, diagonal } = inverted(way, gradients, damping);
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

  it('woodfisher W2: is symmetric and positive definite, with a diagonal in (0, 1/λ]', () => {
    fc.assert(
      fc.property(gradientSets, dampings, (gradients, damping) => {
        const { rows, diagonal } = inverted(way, gradients, damping);
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

  it('woodfisher W3: does not depend on the order of the gradients', () => {
    fc.assert(
      fc.property(gradientSets, gradients => {
        const forward = inverted(way, gradients, 1e-3).rows;
        const backward = inverted(way, gradients.toReversed(), 1e-3).rows;
        expect(distance(forward, backward)).toBeLessThan(1e-10);
      }),
      { numRuns: 60 },
    );
  });

  it('gives golden numbers: g = (1, 2), N = 1, λ = 1', () => {
    // F = [[2, 2], [2, 5]], det 6, F⁻¹ = [[5, −2], [−2, 2]] / 6.
    const { rows, diagonal } = inverted(way, [[1, 2]], 1);
    [5 / 6, -2 / 6, -2 / 6, 2 / 6].forEach((value, i) => {
      expect(rows.flat()[i]).toBeCloseTo(value, 14);
    });
    expect(diagonal[0]).toBeCloseTo(5 / 6, 14);
    expect(diagonal[1]).toBeCloseTo(2 / 6, 14);
  });

  it('woodfisher W10: blocks of 2 are inverted each for themselves', () => {
    const gradients = [
      [1, 2, 3, -1, 0.5],
      [0, 1, -2, 4, 1],
    ];
    const { rows } = inverted(way, gradients, 0.1, 2);
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

  it('woodfisher W1: holds for blocks of several panels, bands and segments: F (F⁻¹ v) is v', () => {
    // 300 entries are more than a panel of 128; 37 gradients are two segments of 16 and one of 5.
    const gradients = Array.from({ length: 37 }, (_, n) =>
      Array.from({ length: 300 }, (_, i) => Math.fround(Math.sin(1.3 * n * n + 0.7 * i))),
    );
    const damping = 0.01;
    const { rows } = inverted(way, gradients, damping);
    const products = rows.map(row => {
      const along = gradients.map(g => g.reduce((sum, value, i) => sum + value * row[i]!, 0) / gradients.length);
      return row.map((value, i) => damping * value + along.reduce((sum, a, n) => sum + a * gradients[n]![i]!, 0));
    });
    const identity = rows.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
    expect(distance(products, identity)).toBeLessThan(1e-10);
  });

  it('reports a matrix that is not positive definite in float64 instead of numbers', () => {
    expect(filled(way, [[3, Number.NaN]], 1e-30)).toBeUndefined();
  });
});
