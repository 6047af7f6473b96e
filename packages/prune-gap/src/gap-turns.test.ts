import { countOnes, keptCount } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abcd, base, denseNames, isDense, normal, run } from '../test/turns.js';

describe('the turns of gap', () => {
  it('gap G1: one partition is all ones in every turn, all others are exactly at the sparsity', async () => {
    for (const initialMasks of ['random', 'magnitude'] as const) {
      const turns = await run({ ...base, partitions: 2, initialMasks }, abcd);
      const dense = turns.map(({ after }) => denseNames(after).join(''));
      // contiguous(2) of 40 + 30 | 50 + 20.
      expect(dense).toEqual(['ab', 'cd', 'ab', 'cd', 'ab', 'cd', 'ab', 'cd', '']);
      for (const { after } of turns) {
        for (const l of after) if (!isDense(l)) expect(countOnes(l.mask)).toBe(keptCount(l.size, 0.8));
      }
    }
  });

  it('gap G1, with any sizes, sparsity and number of partitions', async () => {
    const sizes = fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.double({ min: 0.4, max: 0.95, noNaN: true }), async (list, n, sparsity) => {
        const layers = list.map((size, i) => normal(`l${i}`, size));
        const partitions = 1 + (n % list.length);
        for (const { after, decision } of await run(
          { sparsity, partitions, turns: partitions + 1, turnLength: 1 },
          layers,
        )) {
          const growing = decision.phase === 'fine-tune' ? [] : denseNames(after);
          for (const l of after) {
            expect(countOnes(l.mask)).toBe(growing.includes(l.name) ? l.size : keptCount(l.size, sparsity));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gap G4: κ turns visit each partition exactly once, in order', async () => {
    const turns = await run(base, abcd);
    expect(turns.map(({ after }) => denseNames(after).join(''))).toEqual([...'abcdabcd', '']);
    expect(turns.map(({ position }) => position)).toEqual([-1, 4, 9, 14, 19, 24, 29, 34, 39]);
  });

  it('has the expected density while it trains: equal partitions, κ = 4', async () => {
    // 1/κ + (1 − 1/κ)(1 − S): .40 at S = .8 and .325 at S = .9, docs/methods/gap.md. Layers of 40: 40 + 3·8, 40 + 3·4.
    const equal = ['a', 'b', 'c', 'd'].map(name => normal(name, 40));
    for (const [sparsity, density] of [
      [0.8, 0.4],
      [0.9, 0.325],
    ] as const) {
      const turns = await run({ ...base, sparsity }, equal);
      for (const { after } of turns.slice(0, -1)) {
        expect(after.reduce((sum, { mask }) => sum + countOnes(mask), 0) / 160).toBeCloseTo(density, 12);
      }
    }
  });

  it('grows as many random layers as a hand holds, and others from turn to turn, in random order', async () => {
    const layers = Array.from({ length: 10 }, (_, i) => normal(`l${i}`, 20));
    const options = { ...base, partitions: 4, turns: 12, order: 'random' } as const;
    const turns = (await run(options, layers)).slice(0, -1);
    // Hands of 10 layers: cuts at 0, 2, 5, 7, 10.
    const hands = turns.map(({ after }) => denseNames(after));
    expect(hands.map(({ length }) => length)).toEqual([2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3]);
    expect(new Set(hands.map(hand => hand.join())).size).toBeGreaterThan(8);
    expect(new Set(hands.flat()).size).toBe(10);
    expect((await run(options, layers)).slice(0, -1).map(({ after }) => denseNames(after))).toEqual(hands);
  });
});
