import { expect, it } from 'vitest';
import { median, quartiles, relativeDifference } from './numbers.js';

it('takes the middle value, and the mean of the middle two', () => {
  expect(median([3])).toBe(3);
  expect(median([10, 9, 2])).toBe(9);
  expect(median([4, 1, 100, 2])).toBe(3); // (2 + 4) / 2
});

it('gives differences as a fraction of the largest magnitude', () => {
  // |−4.5 + 4| = 0.5 of 4.
  expect(relativeDifference(Float32Array.of(1, -4.5, 0), Float32Array.of(1, -4, 0))).toBe(0.125);
  // Nothing to be a fraction of.
  expect(relativeDifference(Float32Array.of(0.25), Float32Array.of(0))).toBe(0.25);
});

it('takes equal infinities and NaN for equal, and anything else beside them for infinitely different', () => {
  const odd = Float32Array.of(Number.NaN, Infinity, -Infinity, 2);
  expect(relativeDifference(odd, odd)).toBe(0);
  expect(relativeDifference(odd, Float32Array.of(Number.NaN, Infinity, -Infinity, 1))).toBe(1);
  expect(relativeDifference(Float32Array.of(Number.NaN), Float32Array.of(1))).toBe(Infinity);
  expect(relativeDifference(Float32Array.of(1), Float32Array.of(Number.NaN))).toBe(Infinity);
  expect(relativeDifference(Float32Array.of(Infinity), Float32Array.of(-Infinity))).toBe(Infinity);
  expect(relativeDifference(Float32Array.of(1), Float32Array.of(1, 2))).toBe(Infinity);
});

it('takes 0 and −0 for equal', () => {
  expect(relativeDifference(Float32Array.of(-0), Float32Array.of(0))).toBe(0);
});

it('does not depend on the unit of the outputs', () => {
  const fraction = (unit: number): number =>
    relativeDifference(Float32Array.of(3 * unit, -2 * unit), Float32Array.of(3 * unit, -1 * unit));
  for (const power of [-40, -3, 0, 5, 30]) expect(fraction(2 ** power)).toBe(1 / 3);
});

it('interpolates quartiles between ranks', () => {
  // Ranks 0 to 4: a quarter is rank 1, three quarters rank 3. Of four values: ranks 0.75 and 2.25.
  expect(quartiles([5, 1, 4, 2, 3])).toEqual([2, 4]);
  expect(quartiles([4, 1, 3, 2])).toEqual([1.75, 3.25]);
  expect(quartiles([7])).toEqual([7, 7]);
});
