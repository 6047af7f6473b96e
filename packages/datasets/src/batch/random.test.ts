import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permutation, randomStream } from './random.js';

describe('streams', () => {
  const draws = (...key: Parameters<typeof randomStream>): number[] => {
    const stream = randomStream(...key);
    return Array.from({ length: 9 }, () => stream.uniform());
  };

  it('are the same for the same key and differ in every part of it, also above 32 bits of seed', () => {
    expect(draws(5, 'order', 1, 2)).toEqual(draws(5, 'order', 1, 2));
    const keys = [
      draws(5, 'order', 1, 2),
      draws(6, 'order', 1, 2),
      draws(5 + 2 ** 32, 'order', 1, 2),
      draws(5, 'augmentation', 1, 2),
      draws(5, 'synthetic', 1, 2),
      draws(5, 'order', 2, 2),
      draws(5, 'order', 1, 3),
      draws(5, 'order', 2, 1),
    ];
    expect(new Set(keys.flat()).size).toBe(8 * 9);
  });

  it('draw whole numbers below the count, and reach each of them', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 7 }), (seed, count) => {
        const stream = randomStream(seed, 'order');
        const drawn = new Set(Array.from({ length: 200 }, () => stream.below(count)));
        expect([...drawn].sort()).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
      { numRuns: 50 },
    );
  });

  it('are uniform: 100 bins of 100,000 draws stay within five standard deviations', () => {
    const stream = randomStream(1, 'synthetic');
    const bins = new Float64Array(100);
    for (let i = 0; i < 100_000; i++) bins[Math.floor(stream.uniform() * 100)]! += 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(99 + 5 * Math.sqrt(2 * 99));
    expect(chiSquare).toBeGreaterThan(99 - 5 * Math.sqrt(2 * 99));
  });
});

it('a permutation holds every index once', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(), (size, seed) => {
      const order = permutation(size, randomStream(seed, 'order'));
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
    }),
  );
});

it('all six permutations of three come up about equally often', () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const key = permutation(3, randomStream(seed, 'order')).join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
});
