import { expect } from 'vitest';

/** Expects numbers equal to 1e-4 of the largest finite one, NaN and infinities in the same places. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    1,
  );
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] as number, expected[i] as number];
    if (!(Object.is(a, e) || Math.abs(a - e) <= 1e-4 * scale)) expect({ i, value: a }).toEqual({ i, value: e });
  }
}
