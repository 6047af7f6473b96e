import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../errors/index.js';
import { philox } from './philox.js';
import { randomStreams } from './random-streams.js';

const hex = (words: Uint32Array): string => [...words].map(word => word.toString(16).padStart(8, '0')).join(' ');

describe('philox', () => {
  // Known answers of the generator's authors (Random123, kat_vectors, philox4x32 10 rounds).
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('maps counter %j under key %j to the published words', (counter, key, expected) => {
    const out = new Uint32Array(4);
    philox(counter, key, out);
    expect(hex(out)).toBe(expected);
  });
});

describe('randomStreams', () => {
  const draw = (seed: number, step: number, name: string, count = 9): number[] => {
    const next = randomStreams(seed, step)(name);
    return Array.from({ length: count }, () => next());
  };

  it('repeats a stream exactly and lies in [0, 1)', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.string(), (seed, step, name) => {
        const numbers = draw(seed, step, name);
        expect(numbers).toEqual(draw(seed, step, name));
        expect(numbers.every(x => x >= 0 && x < 1)).toBe(true);
      }),
    );
  });

  it('gives different numbers for another seed, step or name', () => {
    const base = draw(1, 2, 'a');
    for (const other of [draw(2, 2, 'a'), draw(1, 3, 'a'), draw(1, 2, 'b'), draw(1 + 2 ** 32, 2, 'a')]) {
      expect(other).not.toEqual(base);
    }
  });

  it('is uniform: mean 1/2 and variance 1/12 within 5 standard errors of 100,000 numbers', () => {
    // Standard error of the mean is sqrt(1/12/1e5) = 9.1e-4; of the variance sqrt((1/80 - 1/144)/1e5) = 2.4e-4.
    const numbers = draw(7, 0, 'uniformity', 100_000);
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    const variance = numbers.reduce((sum, x) => sum + (x - 0.5) ** 2, 0) / numbers.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * 9.1e-4);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * 2.4e-4);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the seed %s', seed => {
    expect(() => randomStreams(seed, 0)).toThrow(InvalidOptionError);
  });
});
