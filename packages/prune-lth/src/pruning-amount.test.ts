import { EspalierError, type LayerView } from '@espalier/core';
import { layer } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PruningAmount, remainingOf, roundsOf } from './pruning-amount.js';

/** One layer of `size` entries of which the first `active` are. */
const layerOf = (size: number, active: number): LayerView =>
  layer('w', new Float32Array(size), { mask: new Uint8Array(size).fill(1, 0, active) });

/** Entries that are asked for after each round. */
function counts(amount: PruningAmount, size: number, rounding = Math.ceil): number[] {
  const { count, sparsityAfter } = roundsOf(amount, rounding);
  const kept = [size];
  for (let i = 0; i < count; i++) {
    kept.push(Math.max(1, Math.round(size * (1 - sparsityAfter([layerOf(size, kept[i]!)], i)))));
  }
  return kept.slice(1);
}

describe('the amount of a lottery ticket', () => {
  it('lth L2: takes ceil(0.2 r) of the r that remain, as open_lth', () => {
    // 1000 − 200 = 800; 800 − 160 = 640; 640 − 128 = 512; 512 − ceil(102.4) = 409; 409 − ceil(81.8) = 327.
    expect(counts({ rounds: 5 }, 1000)).toEqual([800, 640, 512, 409, 327]);
  });

  it('lth L2: takes round(0.2 r) of the r that remain, as torch.nn.utils.prune', () => {
    // 512 − round(102.4) = 410; 410 − 82 = 328; 328 − round(65.6) = 262.
    expect(counts({ rounds: 6 }, 1000, Math.round)).toEqual([800, 640, 512, 410, 328, 262]);
  });

  it('gives the remaining fractions of LTH-T on the convolutions of ResNet-50', () => {
    // docs/methods/lth.md (Traps): 23,445,504 weights without conv1; .8^7 = .2097, .8^10 = .1074, .8^13 = .0550 remain.
    const total = 25_502_912 - 9_408 - 2_048_000;
    expect(total).toBe(23_445_504);
    const left = [total];
    for (let i = 0; i < 14; i++) left.push(remainingOf(left[i]!, 0.2, Math.round));
    expect(left[1]).toBe(18_756_403); // round(4,689,100.8) = 4,689,101 go
    expect([7, 10, 13, 14].map(i => (left[i]! / total).toFixed(4))).toEqual(['0.2097', '0.1074', '0.0550', '0.0440']);
  });

  it('spreads a sparsity evenly over rounds', () => {
    // docs/methods/magnitude.md (Iterative pruning): S = .9, P = 3: .5358 .7846 .9; S = .98, P = 5: .5427 .7909 .9044
    // .9563 .98.
    const path = (sparsity: number, rounds: number): string[] => {
      const { count, sparsityAfter } = roundsOf({ sparsity, rounds }, Math.ceil);
      return Array.from({ length: count }, (_, i) => sparsityAfter([], i).toFixed(4));
    };
    expect(path(0.9, 3)).toEqual(['0.5358', '0.7846', '0.9000']);
    expect(path(0.98, 5)).toEqual(['0.5427', '0.7909', '0.9044', '0.9563', '0.9800']);
    expect(path(0.9, 1)).toEqual(['0.9000']);
  });

  it('cuts the last round short of the full fraction if the sparsity needs less', () => {
    // log .1 / log .8 = 10.3, so 11 rounds: 8000 6400 5120 4096 3276 2620 2096 1676 1340 1072, and 72 instead of 215
    // go.
    const kept = counts({ sparsity: 0.9 }, 10_000);
    expect(kept).toHaveLength(11);
    expect(kept.slice(-2)).toEqual([1072, 1000]);
  });

  it('needs two rounds for 0.36 at 0.2, not three', () => {
    expect(roundsOf({ sparsity: 0.36, fraction: 0.2 }, Math.ceil).count).toBe(2);
  });

  it('ends with exactly the count of the sparsity, whatever the numbers', () => {
    const sizes = fc.integer({ min: 1, max: 5000 });
    const sparsities = fc.double({ min: 0, max: 0.99, noNaN: true });
    const how = fc.oneof(
      fc.record({ rounds: fc.integer({ min: 1, max: 12 }) }),
      fc.record({ fraction: fc.double({ min: 0.05, max: 0.95, noNaN: true }) }),
    );
    fc.assert(
      fc.property(sizes, sparsities, how, (size, sparsity, rest) => {
        for (const rounding of [Math.ceil, Math.round]) {
          const kept = counts({ sparsity, ...rest }, size, rounding);
          expect(kept.at(-1)).toBe(Math.max(1, Math.round(size * (1 - sparsity))));
        }
      }),
    );
  });

  it('always leaves an entry', () => {
    expect(remainingOf(1, 0.2, Math.ceil)).toBe(1);
    expect(counts({ rounds: 9, fraction: 0.9 }, 3)).toEqual(Array(9).fill(1));
  });

  it.each([
    {},
    { fraction: 0.2 },
    { rounds: 0 },
    { rounds: 2.5 },
    { rounds: 3, fraction: 0 },
    { rounds: 3, fraction: 1 },
    { rounds: 3, fraction: Number.NaN },
    { sparsity: 1, rounds: 3 },
    { sparsity: 90 },
    { sparsity: 0.9, rounds: 3, fraction: 0.2 },
  ])('refuses %j', amount => {
    expect(() => roundsOf(amount, Math.ceil)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
