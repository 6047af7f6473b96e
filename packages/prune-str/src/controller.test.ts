import { countOnes, keptCount, type LayerView } from '@espalier/core';
import { layer as layerOf } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shiftThresholds } from './controller.js';
import { type ThresholdFunction, thresholdRules } from './threshold-function.js';

const layer = (name: string, raw: readonly number[], s: number, mask?: number[]): LayerView => ({
  ...layerOf(name, new Float32Array(raw.length), { mask }),
  raw: Float32Array.from(raw),
  parameters: { threshold: Math.fround(s) },
});

/** Masks as arrays and thresholds as numbers, by layer. */
function shifted(sparsity: number, layers: LayerView[], kind: ThresholdFunction = 'sigmoid') {
  const { masks, parameters } = shiftThresholds(layers, sparsity, thresholdRules[kind]);
  const bits = Object.fromEntries([...masks].map(([name, mask]) => [name, [...mask]]));
  return { bits, s: layers.map(({ name }) => parameters.get(name)?.threshold ?? Number.NaN) };
}

const thresholdAt = (s: number, kind: ThresholdFunction): number =>
  kind === 'sigmoid' ? 1 / (1 + Math.exp(-s)) : Math.exp(s);

describe('shiftThresholds', () => {
  it('puts a lone threshold just below the weakest entry that stays: golden', () => {
    // 2 of 4 stay, |raw| ≥ 0.5; sigmoid⁻¹(0.5) = 0 and exp⁻¹(0.5) = −ln 2.
    const a = layer('a', [0.1, -0.5, 0.75, 0.2], -100);
    const sigmoid = shifted(0.5, [a]);
    expect(sigmoid.bits).toEqual({ a: [0, 1, 1, 0] });
    expect(sigmoid.s[0]).toBeCloseTo(-1e-4, 9);
    expect(shifted(0.5, [a], 'exponential').s[0]).toBeCloseTo(-Math.LN2 - 1e-4, 6);
  });

  it('keeps the differences between layers, and ranks each entry by its distance from its own threshold', () => {
    // sigmoid⁻¹: 0.5 → 0, 0.75 → 1.099, 0.25 → −1.099. Thresholds 1 apart: distances a: 0, −1.099; b: 1.099 + 1, −1.099
    // + 1.
    const { bits, s } = shifted(0.25, [layer('a', [0.5, 0.25], -4), layer('b', [0.75, 0.25], -5)]);
    expect(bits).toEqual({ a: [1, 0], b: [1, 1] });
    expect(s[0]).toBeCloseTo(-0.0986 - 1e-4, 4); // 0.25 of b stays, 0.25 of a does not
    expect((s[0] ?? 0) - (s[1] ?? 0)).toBeCloseTo(1, 6);
  });

  it('moves thresholds down where training has overtaken the schedule', () => {
    const { bits, s } = shifted(0.25, [layer('a', [0.1, 0.2, 0.3, 0.4], 2)]);
    expect(bits).toEqual({ a: [0, 1, 1, 1] });
    expect(s[0]).toBeLessThan(-1.38); // sigmoid⁻¹(0.2) = −1.386
  });

  it('keeps the exact count among equal magnitudes, of which the lower index stays', () => {
    expect(shifted(0.5, [layer('a', [0.3, -0.3, 0.3, -0.3], -100)]).bits).toEqual({ a: [1, 1, 0, 0] });
  });

  it('ranks weights of 1 and more, which no sigmoid reaches, by size', () => {
    const { bits, s } = shifted(0.75, [layer('a', [2, 1, 5, 3], -100)]);
    expect(bits).toEqual({ a: [0, 0, 1, 0] });
    expect(s.every(Number.isFinite)).toBe(true);
  });

  it('leaves thresholds alone if nothing but zeros can stay', () => {
    expect(shifted(0.5, [layer('a', [0, 0], -100)]).s).toEqual([-100]);
  });

  it('keeps masked entries masked, and places thresholds below what is active', () => {
    const { bits, s } = shifted(0.25, [layer('a', [0.5, 0, 0, 0.25], -100, [1, 0, 0, 1])]);
    expect(bits).toEqual({ a: [1, 0, 0, 1] });
    expect(thresholdAt(s[0] ?? 0, 'sigmoid')).toBeLessThan(0.25);
  });

  it('keeps the exact count, all of it above the thresholds in single precision, and moves all thresholds alike', () => {
    // No magnitudes of which single precision cannot tell 0.01 % more (below 1e-6, as of a sigmoid just below 1).
    const weight = fc.float({ min: -2, max: 2, noNaN: true }).map(value => {
      const magnitude = Math.abs(value);
      return magnitude < 1e-6 || (magnitude > 0.99 && magnitude < 1) ? 0 : value;
    });
    const raw = fc.array(weight, { minLength: 1, maxLength: 40 });
    const s = fc.double({ min: -120, max: 3, noNaN: true });
    const sparsities = fc.double({ min: 0, max: 0.99, noNaN: true });
    const kinds = fc.constantFrom<ThresholdFunction>('sigmoid', 'exponential');
    fc.assert(
      fc.property(raw, raw, s, s, sparsities, kinds, (a, b, sa, sb, sparsity, kind) => {
        const layers = [layer('a', a, sa), layer('b', b, sb)];
        const { masks, parameters } = shiftThresholds(layers, sparsity, thresholdRules[kind]);
        const ones = [...masks.values()].reduce((sum, mask) => sum + countOnes(mask), 0);
        expect(ones).toBe(keptCount(a.length + b.length, sparsity));
        const moves = layers.map(({ name, raw: values = new Float32Array(), parameters: before }) => {
          const after = parameters.get(name)?.threshold ?? Number.NaN;
          const g = Math.fround(thresholdAt(Math.fround(after), kind));
          values.forEach((value, i) => {
            if (masks.get(name)?.[i] && value !== 0) expect(Math.abs(value)).toBeGreaterThan(g);
          });
          return after - (before?.threshold ?? Number.NaN);
        });
        expect(moves[0]).toBeCloseTo(moves[1] ?? Number.NaN, 9);
      }),
    );
  });

  it('says what is missing if a session shows no raw weights or no threshold', () => {
    const { raw: _, ...without } = layer('a', [1], -4);
    expect(() => shifted(0, [without])).toThrow('no raw weights of "a"');
    expect(() => shifted(0, [{ ...layer('a', [1], -4), parameters: {} }])).toThrow('no threshold of "a"');
  });
});
