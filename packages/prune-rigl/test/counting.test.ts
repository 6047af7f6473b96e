import { erdosRenyiKernel, isDue, uniform } from '@espalier/core';
import { expect, it } from 'vitest';
import { droppedCount } from '../src/drop-and-grow.js';

/** What the README says about counting, beside google-research/rigl. */
const layers = [12, 13].map((size, i) => ({
  name: `l${i}`,
  shape: [1, size],
  size,
  scores: new Float32Array(size),
}));

it('layers of 12 and 13 entries at 0.8 keep 2 and 3, and 5 under ERK, where flooring the masked entries keeps 3 and 3', () => {
  // 12 · 0.2 = 2.4, 13 · 0.2 = 2.6; floor(9.6) = 9 and floor(10.4) = 10 masked entries leave 3 and 3.
  expect([...uniform(layers, 0.8).values()]).toEqual([2, 3]);
  expect(layers.map(({ size }) => size - Math.floor(0.8 * size))).toEqual([3, 3]);
  expect([...erdosRenyiKernel(layers, 0.8).values()].reduce((a, b) => a + b, 0)).toBe(5);
});

it('of 10 active entries at 0.3 three move, of 3 none', () => {
  expect([10, 3].map(active => droppedCount(active, 0.3))).toEqual([3, 0]);
});

it('the end is an update, unless it is left out', () => {
  const due = (includeEnd: boolean): number[] =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8].filter(position => isDue({ start: 0, end: 7, every: 3, includeEnd }, position));
  expect(due(true)).toEqual([0, 3, 6, 7]);
  expect(due(false)).toEqual([0, 3, 6]);
});
