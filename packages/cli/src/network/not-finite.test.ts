import type { Checkpoint } from '@espalier/core';
import { expect, it } from 'vitest';
import { notFiniteLine } from './not-finite.js';

const holding = (...rows: readonly (readonly number[])[]): Checkpoint =>
  ({
    weights: new Map(rows.map((row, i) => [`w${i}`, { shape: [row.length], values: Float32Array.from(row) }])),
  }) as unknown as Checkpoint;

it('tells of weights that are no numbers, the first three by name', () => {
  expect(notFiniteLine(holding([1, 0, -3e38], [], [5e-324]))).toBeUndefined();
  expect(notFiniteLine(holding([1], [0, Number.NaN]))).toMatch(/A weight of the network holds NaN or infinity \(w1\)/);
  const bad = [Number.POSITIVE_INFINITY, 1];
  expect(notFiniteLine(holding(bad, bad, bad, [-Infinity], [2], bad))).toMatch(
    /5 weights of the network hold NaN or infinity \(w0, w1, w2 and 2 more\)/,
  );
});
