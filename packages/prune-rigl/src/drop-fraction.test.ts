import { EspalierError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { type Anneal, dropFractionOf } from './drop-fraction.js';

const cadence = { start: 0, end: 100, every: 25 };
const values = (anneal: Anneal, dropFraction = 0.4): number[] =>
  [0, 25, 50, 75, 100].map(dropFractionOf({ cadence, dropFraction, anneal }, 'cosine').fraction);

describe('the drop fraction', () => {
  it('rigl R8: along the cosine is α at the start and 0 at the end', () => {
    // 0.2 (1 + cos(π t)): cos(π/4) = 0.70711.
    const [first, quarter, half, threeQuarters, last] = values('cosine');
    expect([first, last]).toEqual([0.4, 0]);
    expect(quarter).toBeCloseTo(0.341421, 6);
    expect(half).toBeCloseTo(0.2, 12);
    expect(threeQuarters).toBeCloseTo(0.058579, 6);
  });

  it('is measured from the start of the cadence', () => {
    const { fraction } = dropFractionOf({ cadence: { start: 100, end: 300, every: 50 } }, 'cosine');
    expect(fraction(100)).toBe(0.3);
    expect(fraction(200)).toBeCloseTo(0.15, 12);
    expect(fraction(300)).toBe(0);
  });

  it('stays where it is if constant', () => {
    expect(values('constant')).toEqual([0.4, 0.4, 0.4, 0.4, 0.4]);
  });

  it('falls by an inverse power', () => {
    // 0.4 (1 − t)^3: 0.75³ = 0.421875, 0.5³ = 0.125, 0.25³ = 0.015625.
    const expected = [0.4, 0.16875, 0.05, 0.00625, 0];
    for (const [i, value] of values({ inversePower: 3 }).entries()) expect(value).toBeCloseTo(expected[i] ?? NaN, 12);
    for (const [i, value] of values({ inversePower: 1 }).entries()) expect(value).toBeCloseTo(0.4 - 0.1 * i, 12);
  });

  it('can be a schedule of its own, which has no anneal', () => {
    const { fraction, described } = dropFractionOf({ cadence, dropFraction: position => position / 100 }, 'cosine');
    expect(fraction(25)).toBe(0.25);
    expect(described).toEqual({ dropFraction: 'custom', anneal: 'custom' });
  });

  it('describes itself as plain data', () => {
    expect(dropFractionOf({ cadence }, 'constant').described).toEqual({ dropFraction: 0.3, anneal: 'constant' });
    expect(dropFractionOf({ cadence, anneal: { inversePower: 2 } }, 'cosine').described).toEqual({
      dropFraction: 0.3,
      anneal: { inversePower: 2 },
    });
  });

  it.each([
    { cadence, dropFraction: 1.1 },
    { cadence, dropFraction: Number.NaN },
    { cadence: { ...cadence, every: 0 } },
    { cadence, anneal: { inversePower: 0 } },
    { cadence, anneal: 'linear' as Anneal },
    { cadence, dropFraction: () => 0.2, anneal: 'cosine' as const },
    { cadence, dropFraction: (position: number) => (position === 100 ? -0.1 : 0.2) },
  ])('is refused if impossible: %j', options => {
    expect(() => dropFractionOf(options, 'cosine')).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
