import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion } from './apportion.js';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('apportion', () => {
  it('gives whole numbers near the shares that add up, largest remainders first', () => {
    expect(apportion([1.6, 1.6, 1.8], [5, 5, 5], 5, 0)).toEqual([2, 1, 2]);
    expect(apportion([0.2, 9.8], [5, 20], 10, 1)).toEqual([1, 9]);
  });

  it('takes weights as proportions', () => {
    expect(apportion([1, 3], [100, 100], 40, 0)).toEqual([10, 30]);
    expect(apportion([1000, 3000], [100, 100], 40, 0)).toEqual([10, 30]);
  });

  it('takes what the least number adds to some from the others in proportion, where a bound forces it', () => {
    // Shares 0.1, 0.1, 0.1, 60, 30, of 90.3 in proportion; three of 1 leave 87 in the proportion 2 : 1.
    expect(apportion([0.1, 0.1, 0.1, 60, 30], [9, 9, 9, 99, 99], 90, 1)).toEqual([1, 1, 1, 58, 29]);
  });

  it('stops at the bounds instead of looping', () => {
    expect(apportion([1, 1], [1, 1], 5, 0)).toEqual([1, 1]);
    expect(apportion([0, 0], [3, 3], 1, 1)).toEqual([1, 1]);
    expect(apportion([], [], 5, 1)).toEqual([]);
    expect(apportion([1, 0], [3, 0], 2, 1)).toEqual([2, 0]);
  });

  const parts = fc.array(fc.record({ size: fc.nat(40), weight: fc.double({ min: 0.01, max: 40, noNaN: true }) }), {
    minLength: 1,
    maxLength: 8,
  });

  it('adds up exactly, and is nowhere a whole one off where no bound stands in the way', () => {
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1), (all, fraction, least) => {
        const sizes = all.map(({ size }) => size);
        const weights = all.map(({ weight }) => weight);
        const total = Math.round(fraction * sum(sizes));
        const counts = apportion(weights, sizes, total, least);
        const lowest = sum(sizes.map(size => Math.min(size, least)));
        expect(sum(counts)).toBe(Math.max(total, lowest));
        const shares = weights.map(weight => (total * weight) / sum(weights));
        const free = shares.every((share, i) => share >= Math.min(least, sizes[i]!) && share <= sizes[i]!);
        for (const [i, count] of counts.entries()) {
          expect(count).toBeGreaterThanOrEqual(Math.min(sizes[i]!, least));
          expect(count).toBeLessThanOrEqual(sizes[i]!);
          if (free) expect(Math.abs(count - shares[i]!)).toBeLessThan(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
