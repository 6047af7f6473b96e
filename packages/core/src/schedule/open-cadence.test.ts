import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../errors/index.js';
import { cadenceJson, gradualSparsity, isDue, requireCadence, requireOpenCadence } from './index.js';

const due = (cadence: Parameters<typeof isDue>[0], upTo: number): number[] =>
  Array.from({ length: upTo + 1 }, (_, position) => position).filter(position => isDue(cadence, position));

describe('an endless cadence', () => {
  const cadence = { start: 3, end: Infinity, every: 4 };

  it('acts at every multiple, for ever', () => {
    expect(due(cadence, 16)).toEqual([3, 7, 11, 15]);
    expect(isDue(cadence, 3 + 4 * 1_000_000)).toBe(true);
    expect(isDue(cadence, 4 + 4 * 1_000_000)).toBe(false);
  });

  it('is plain data that JSON gives back', () => {
    expect(cadenceJson(cadence)).toEqual({ start: 3, end: 'Infinity', every: 4 });
    expect(JSON.parse(JSON.stringify(cadenceJson(cadence)))).toEqual(cadenceJson(cadence));
  });

  it('is refused where something is reached at the end', () => {
    expect(() => requireOpenCadence('cadence', cadence)).not.toThrow();
    expect(() => requireCadence('cadence', cadence)).toThrow(/cadence.end" is Infinity, but must be an integer/);
    expect(() => gradualSparsity({ sparsity: 0.5, cadence })).toThrow(/cadence.end" is Infinity/);
  });
});

describe('a cadence without its end', () => {
  it('ends at the last multiple', () => {
    expect(due({ start: 1, end: 6, every: 2, includeEnd: false }, 9)).toEqual([1, 3, 5]);
    expect(due({ start: 1, end: 5, every: 2, includeEnd: false }, 9)).toEqual([1, 3, 5]);
    expect(due({ start: 1, end: 6, every: 2, includeEnd: true }, 9)).toEqual([1, 3, 5, 6]);
  });

  it('says so as plain data, and only then', () => {
    const cadence = { start: 1, end: 6, every: 2 };
    expect(JSON.stringify(cadenceJson(cadence))).toBe('{"start":1,"end":6,"every":2}');
    expect(cadenceJson({ ...cadence, includeEnd: true })).toEqual(cadence);
    expect(cadenceJson({ ...cadence, includeEnd: false })).toEqual({ ...cadence, includeEnd: false });
  });

  it('is refused where something is reached at the end', () => {
    const cadence = { start: 1, end: 6, every: 2, includeEnd: false };
    expect(() => requireCadence('cadence', cadence)).toThrow(/reaches its target at the end/);
  });
});

it.each([
  { start: 0, end: -Infinity, every: 1 },
  { start: 0, end: Number.NaN, every: 1 },
  { start: Infinity, end: Infinity, every: 1 },
  { start: 0, end: 5, every: Infinity },
  { start: 0, end: 5, every: 1, includeEnd: 'no' },
  { start: 0, end: 'Infinity', every: 1 },
])('%j is no cadence', cadence => {
  expect(() => requireOpenCadence('cadence', cadence as never)).toThrow(InvalidOptionError);
});
