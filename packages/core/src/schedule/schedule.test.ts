import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../errors/index.js';
import {
  constant,
  cosine,
  fromEpochs,
  isDue,
  linear,
  polynomial,
  requireCadence,
  scheduleOf,
  stepwise,
  warmUp,
} from './index.js';

describe('polynomial', () => {
  it('magnitude M4: gives the sparsities of the BIMP repository for 100 epochs, interval 5, target 0.9', () => {
    // docs/methods/magnitude.md (Gradual pruning): n = 100/5 − 1 = 19 updates, s_i = S (1 − (1 − i/n)³).
    const expected = [
      0.1348, 0.2553, 0.3625, 0.4572, 0.5399, 0.6117, 0.6733, 0.7254, 0.7688, 0.8043, 0.8328, 0.855, 0.8717, 0.8836,
      0.8916, 0.8965, 0.899, 0.8999, 0.9,
    ];
    const sparsity = polynomial({ to: 0.9, start: 0, end: 19 });
    expect(expected.map((_, i) => sparsity(i + 1))).toEqual(expected.map(value => expect.closeTo(value, 4)));
  });

  it('gives the sparsities of WoodFisher for [1, 5, 40] from 0.05 to 0.9', () => {
    // docs/methods/woodfisher.md (Traps): epochs 1, 6, …, 36 of a window 1 … 40.
    const sparsity = polynomial({ from: 0.05, to: 0.9, start: 1, end: 40 });
    const expected = [0.05, 0.3368, 0.5505, 0.7019, 0.8017, 0.8607, 0.8896, 0.8991];
    expect(expected.map((_, i) => sparsity(1 + 5 * i))).toEqual(expected.map(value => expect.closeTo(value, 4)));
  });

  it('magnitude M3: starts at from, ends at to exactly, and never falls in between', () => {
    const number = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.nat(50), fc.nat(200), (a, b, start, length) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const schedule = polynomial({ from, to, start, end: start + length });
        expect(schedule(start + length)).toBe(to);
        if (length > 0) expect(schedule(start)).toBe(from);
        for (let p = start; p < start + length; p++)
          expect(schedule(p + 1)).toBeGreaterThanOrEqual(schedule(p) - 1e-12);
      }),
    );
  });

  it.each([
    { to: 0.9, start: 5, end: 4 },
    { to: Number.NaN, start: 0, end: 4 },
    { to: 0.9, start: 0, end: 4, power: 0 },
  ])('refuses %j', options => {
    expect(() => polynomial(options)).toThrow(InvalidOptionError);
  });
});

describe('linear, cosine, constant, stepwise', () => {
  it('have the expected values at their ends and middle', () => {
    expect([0, 5, 10, 11].map(linear({ from: 1, to: 0, start: 0, end: 10 }))).toEqual([1, 0.5, 0, 0]);
    const wave = cosine({ from: 0.3, start: 0, end: 100 });
    expect(wave(0)).toBe(0.3);
    expect(wave(25)).toBeCloseTo(0.15 * (1 + Math.SQRT1_2), 12); // 0.3/2 (1 + cos 45°)
    expect(wave(50)).toBeCloseTo(0.15, 12);
    expect(wave(100)).toBe(0);
    expect(constant(3)(99)).toBe(3);
    expect([0, 29, 30, 59, 60].map(stepwise({ from: 8, milestones: [30, 60], factor: 0.5 }))).toEqual([8, 8, 4, 4, 2]);
  });

  it('refuse milestones out of order', () => {
    expect(() => stepwise({ from: 1, milestones: [5, 5] })).toThrow(InvalidOptionError);
  });
});

describe('warmUp', () => {
  it('rises to the schedule without a step at rate 0', () => {
    const rate = warmUp(constant(0.4), { steps: 3 });
    expect([0, 1, 2, 3, 4].map(p => Number(rate(p).toFixed(12)))).toEqual([0.1, 0.2, 0.3, 0.4, 0.4]);
    // (1 − cos(π/4))/2, (1 − cos(π/2))/2, (1 − cos(3π/4))/2 of 0.4.
    const smooth = warmUp(constant(0.4), { steps: 3, shape: 'cosine' });
    expect([0, 1, 2].map(p => Number(smooth(p).toFixed(6)))).toEqual([0.058579, 0.2, 0.341421]);
  });
});

describe('cadence', () => {
  it('magnitude M3: includes both ends, whatever the interval', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(100), fc.integer({ min: 1, max: 40 }), (start, length, every) => {
        const cadence = { start, end: start + length, every };
        expect(isDue(cadence, start)).toBe(true);
        expect(isDue(cadence, start + length)).toBe(true);
        expect(isDue(cadence, start - 1)).toBe(false);
        expect(isDue(cadence, start + length + 1)).toBe(false);
        const due = Array.from({ length: length + 1 }, (_, i) => start + i).filter(p => isDue(cadence, p));
        expect(due.length).toBe(Math.ceil(length / every) + 1);
      }),
    );
  });

  it.each([
    { start: -1, end: 5, every: 1 },
    { start: 5, end: 4, every: 1 },
    { start: 0, end: 5, every: 0 },
    { start: 0.5, end: 5, every: 1 },
  ])('refuses %j', cadence => {
    expect(() => requireCadence('cadence', cadence)).toThrow(InvalidOptionError);
  });

  it('converts epochs to the nearest step', () => {
    expect(fromEpochs(1.5, 391)).toBe(587); // 586.5 rounds up
    expect(() => fromEpochs(-1, 10)).toThrow(InvalidOptionError);
    expect(() => fromEpochs(1, 0)).toThrow(InvalidOptionError);
  });
});

describe('scheduleOf', () => {
  const rate = scheduleOf({
    start: 10,
    segments: [
      { shape: 'cosine', length: 2, from: 0, to: 0.1 },
      { shape: 'linear', length: 4, from: 0.1, to: 0 },
      { shape: 'values', values: [5, 6] },
      { shape: 'constant', length: 1, value: 7 },
    ],
  });

  it('runs through the segments and holds at both ends', () => {
    // 10: 0; 11: half way of a half cosine, 0.05; 12–15: 0.1, .075, .05, .025; 16, 17: 5, 6; 18: 7; then 7.
    const expected = [0, 0, 0.05, 0.1, 0.075, 0.05, 0.025, 5, 6, 7, 7, 7];
    expect(expected.map((_, i) => rate(9 + i))).toEqual(expected.map(value => expect.closeTo(value, 12)));
  });

  it.each([
    [[]],
    [[{ shape: 'constant', length: 0, value: 1 } as const]],
    [[{ shape: 'values', values: [] } as const]],
  ])('refuses the segments %j', segments => {
    expect(() => scheduleOf({ start: 0, segments })).toThrow(InvalidOptionError);
  });

  it('survives JSON unchanged', () => {
    const plan = { start: 0, segments: [{ shape: 'linear', length: 3, from: 0.3, to: 0 } as const] };
    const copy = JSON.parse(JSON.stringify(plan)) as typeof plan;
    expect([0, 1, 2, 3].map(scheduleOf(copy))).toEqual([0, 1, 2, 3].map(scheduleOf(plan)));
  });
});
