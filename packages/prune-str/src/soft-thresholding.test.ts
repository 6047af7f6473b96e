import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Host, hostOperations } from '../test/host-operations.js';
import { softThresholding } from './soft-thresholding.js';
import { type ThresholdFunction, thresholdRules } from './threshold-function.js';

const double = hostOperations();
const single = hostOperations(Math.fround);
const functions: ThresholdFunction[] = ['sigmoid', 'exponential'];

const effectiveOf = (raw: Host, s: number, kind: ThresholdFunction = 'sigmoid', operations = double): Host =>
  softThresholding(thresholdRules[kind], -3200, 0).effective(operations, raw, { threshold: [s] });

const gradientsOf = (
  raw: Host,
  s: number,
  gradient: Host,
  kind: ThresholdFunction = 'sigmoid',
  operations = double,
): { raw: Host; s: number } => {
  const inputs = { raw, parameters: { threshold: [s] }, gradient, mask: raw.map(() => 1) };
  const results = softThresholding(thresholdRules[kind], -3200, 0).backward(operations, inputs);
  return { raw: results.raw, s: results.parameters?.threshold?.[0] ?? Number.NaN };
};

const weights = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 20 });
const anyFunction = fc.constantFrom(...functions);
const thresholds = fc.double({ min: -12, max: 2, noNaN: true });
const thresholdAt = (s: number, kind: ThresholdFunction): number =>
  kind === 'sigmoid' ? 1 / (1 + Math.exp(-s)) : Math.exp(s);

describe('the effective weight', () => {
  it('is sign(w) · relu(|w| − g(s)): golden', () => {
    // sigmoid(0) = 0.5, exp(0) = 1, in the formula of docs/methods/str.md.
    expect(effectiveOf([-2, 0.5, -0.25, 1], 0)).toEqual([-1.5, 0, 0, 0.5]);
    expect(effectiveOf([-2, 0.5, -1, 3], 0, 'exponential')).toEqual([-1, 0, 0, 2]);
  });

  it.each(functions)('str S1: is w itself where g(s) underflows, as at −3200, with %s', kind => {
    fc.assert(
      fc.property(weights, raw => {
        const floats = raw.map(Math.fround);
        expect(effectiveOf(floats, -3200, kind, single)).toEqual(floats.map(value => (value === 0 ? 0 : value)));
      }),
    );
  });

  it('str S1: has magnitude max(|w| − g, 0), the sign of w, and is 0 if and only if |w| ≤ g(s)', () => {
    fc.assert(
      fc.property(weights, thresholds, anyFunction, (raw, s, kind) => {
        const g = thresholdAt(s, kind);
        effectiveOf(raw, s, kind).forEach((value, i) => {
          const w = raw[i] ?? Number.NaN;
          expect(Math.abs(value)).toBeCloseTo(Math.max(Math.abs(w) - g, 0), 12);
          if (value !== 0) expect(Math.sign(value)).toBe(Math.sign(w));
          if (Math.abs(Math.abs(w) - g) > 1e-9) expect(value === 0).toBe(Math.abs(w) <= g);
        });
      }),
    );
  });

  it('str S1: is 0, and not −0, at a weight of exactly the threshold', () => {
    expect(effectiveOf([0.5, -0.5], 0)).toEqual([0, 0]);
  });

  it('str S5: has at least as many zeros under a larger threshold', () => {
    fc.assert(
      fc.property(weights, thresholds, thresholds, anyFunction, (raw, a, b, kind) => {
        const zeros = (s: number): number => effectiveOf(raw, s, kind).filter(value => value === 0).length;
        expect(zeros(Math.max(a, b))).toBeGreaterThanOrEqual(zeros(Math.min(a, b)));
      }),
    );
  });
});

describe('the gradients', () => {
  it('are dY where |w| > g(s), else 0, and −g′(s) Σ sign(w) dY over those: golden', () => {
    // g(0) = 0.5 and g′(0) = 0.25: −0.25 · (−1 · 1 + 1 · 4) = −0.75.
    expect(gradientsOf([-2, 0.5, -0.25, 1], 0, [1, 2, 3, 4])).toEqual({ raw: [1, 0, 0, 4], s: -0.75 });
    // exp: g(0) = g′(0) = 1: −1 · (−1 · 1 + 1 · 4) = −3.
    expect(gradientsOf([-2, 0.5, -1, 3], 0, [1, 2, 3, 4], 'exponential')).toEqual({ raw: [1, 0, 0, 4], s: -3 });
  });

  it('str S2: equal numeric ones of a loss, away from the kink', () => {
    const h = 1e-6;
    const loss = (effective: Host): number => effective.reduce((sum, value, i) => sum + Math.sin(value + i), 0);
    fc.assert(
      fc.property(weights, fc.double({ min: -4, max: 1, noNaN: true }), anyFunction, (raw, s, kind) => {
        fc.pre(raw.every(value => Math.abs(Math.abs(value) - thresholdAt(s, kind)) > 1e-3));
        const effective = effectiveOf(raw, s, kind);
        const gradients = gradientsOf(
          raw,
          s,
          effective.map((value, i) => Math.cos(value + i)),
          kind,
        );
        const slope = (loss(effectiveOf(raw, s + h, kind)) - loss(effectiveOf(raw, s - h, kind))) / (2 * h);
        expect(gradients.s).toBeCloseTo(slope, 6);
        raw.forEach((_, i) => {
          const moved = (by: number): Host => raw.map((value, j) => (i === j ? value + by : value));
          const along = (loss(effectiveOf(moved(h), s, kind)) - loss(effectiveOf(moved(-h), s, kind))) / (2 * h);
          expect(gradients.raw[i]).toBeCloseTo(along, 6);
        });
      }),
    );
  });

  it.each(functions)('str S7: are finite from −12800 on in single precision, with %s', kind => {
    for (const s of [-12800, -3200, -104, -103, -88, -17, 0, 17]) {
      const { raw, s: along } = gradientsOf([-1, 0, 1e-30, 2], s, [1, -1, 1, -1], kind, single);
      expect([...raw, along, ...effectiveOf([-1, 0, 1e-30, 2], s, kind, single)].every(Number.isFinite)).toBe(true);
      if (s <= -3200) expect(Math.abs(along)).toBe(0);
    }
  });

  it('let a NaN of a masked entry neither into other entries nor into the threshold', () => {
    expect(gradientsOf([0.1, 2], 0, [Number.NaN, 4])).toEqual({ raw: [0, 4], s: -1 }); // −0.25 · 4
  });
});

it('declares one threshold a layer, with the decay given', () => {
  const layer = { name: 'w', shape: [2], size: 2 };
  const { parameters } = softThresholding(thresholdRules.sigmoid, -100, 5e-4);
  expect(parameters?.(layer)).toEqual([{ name: 'threshold', initial: -100, decay: 5e-4 }]);
});
