import { expect, it } from 'vitest';
import { FIRST, Workspace } from './workspace.js';

it('the kernel gives the dot products of rows, of even and of odd length, from anywhere', () => {
  const space = new Workspace(100);
  for (let i = 0; i < 100; i++) space.data[FIRST + i] = (i * 7) % 11;
  const value = (row: number, k: number): number => ((row * 9 + k) * 7) % 11;
  const rows = (row: number): number => FIRST + 9 * row;
  for (const [from, to] of [
    [0, 9],
    [1, 9],
    [3, 4],
    [5, 5],
  ] as const) {
    space.products(rows, rows, { row: 0, rows: 4, column: 4, columns: 3, from, to });
    for (let r = 0; r < 4; r++) {
      for (let s = 0; s < 3; s++) {
        let sum = 0;
        for (let k = from; k < to; k++) sum += value(r, k) * value(4 + s, k);
        expect(space.data[4 * r + s]).toBe(sum); // small integers: exact
      }
    }
  }
});
