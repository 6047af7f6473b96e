import { expect, it } from 'vitest';
import { InvalidOptionError } from '../errors/index.js';
import { gradualSparsity } from './index.js';

const cadence = { start: 10, end: 30, every: 8 };

it('is cubic from the initial sparsity to the target, unless a schedule is given', () => {
  // Half way: 0.8 + (0.4 − 0.8) · 0.5³ = 0.75.
  expect([10, 20, 30].map(gradualSparsity({ sparsity: 0.8, cadence, initialSparsity: 0.4 }))).toEqual([0.4, 0.75, 0.8]);
  const schedule = (): number => 0.8;
  expect(gradualSparsity({ sparsity: 0.8, cadence, schedule })).toBe(schedule);
});

it.each([
  { sparsity: 1, cadence },
  { sparsity: 0.8, cadence: { ...cadence, every: 0 } },
  { sparsity: 0.8, cadence, initialSparsity: 0.9 },
  { sparsity: 0.8, cadence, initialSparsity: -0.1 },
  { sparsity: 0.8, cadence, schedule: () => 0.7 },
])('refuses %j', options => {
  expect(() => gradualSparsity(options)).toThrow(InvalidOptionError);
});
