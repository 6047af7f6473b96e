import { countOnes, uniform } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { observedBelow, shaped } from '../test/views.js';
import { rigl, set, staticSparse } from './index.js';

const cadence = { start: 2, end: 13, every: 4 };

describe('rigl', () => {
  it('rigl R6: updates at the cadence only, its end included', () => {
    expect(observedBelow(20, rigl({ sparsity: 0.5, cadence }).plan)).toEqual([2, 6, 10, 13]);
  });

  it('rigl R9: skips the optimizer on updates unless told to apply', () => {
    const clock = { step: 6, position: 6, round: 0 };
    const plan = (optimizer?: 'skip' | 'apply') =>
      rigl({ sparsity: 0.5, cadence, ...(optimizer ? { optimizer } : {}) }).plan(clock, null);
    expect(plan()).toEqual({ observe: { kind: 'gradients' }, optimizer: 'skip' });
    expect(plan('apply')).toEqual({ observe: { kind: 'gradients' }, optimizer: 'apply' });
  });

  it('drops by magnitude and grows by gradient in each layer', async () => {
    // Position 2 is the start of the cosine: trunc(4 · 0.5) = 2 move in a, trunc(1 · 0.5) = 0 in b.
    const a = layer('a', [5, -4, 3, 1, 0, 0], { mask: [1, 1, 1, 1, 0, 0], gradient: [9, 9, 1, 0.5, -2, 0.7] });
    const b = layer('b', [1, 0], { mask: [1, 0], gradient: [0, 9] });
    const { masks } = await rigl({ sparsity: 0.5, cadence, dropFraction: 0.5 }).decide(viewAt(2, a, b), null);
    expect([...(masks?.get('a') ?? [])]).toEqual([1, 1, 1, 0, 1, 0]); // 3 is dropped, but |1| grows it again before 0.7
    expect([...(masks?.get('b') ?? [])]).toEqual([1, 0]);
  });

  it('moves nothing at the end of its cosine', async () => {
    const view = layer('w', [1, 2, 3, 0, 0], { mask: [1, 1, 1, 0, 0], gradient: [0, 0, 0, 5, 6] });
    const { masks } = await rigl({ sparsity: 0.4, cadence, dropFraction: 1 }).decide(viewAt(13, view), null);
    expect([...(masks?.get('w') ?? [])]).toEqual([1, 1, 1, 0, 0]);
  });

  it('says which layer has a gradient that is not a number', () => {
    const view = layer('bad', [1, 2, 0], { mask: [1, 1, 0], gradient: [0, 0, Number.NaN] });
    expect(() => rigl({ sparsity: 0.4, cadence, dropFraction: 0.5 }).decide(viewAt(2, view), null)).toThrow(
      /"bad" is NaN/,
    );
  });

  it('refuses an unknown choice for the optimizer', () => {
    expect(() => rigl({ sparsity: 0.5, cadence, optimizer: 'both' as 'skip' })).toThrow(/optimizer/);
  });
});

describe('set', () => {
  it('observes weights only, and never skips the optimizer', () => {
    const method = set({ sparsity: 0.5, cadence });
    expect(observedBelow(20, method.plan)).toEqual([2, 6, 10, 13]);
    expect(method.plan({ step: 6, position: 6, round: 0 }, null)).toEqual({ observe: { kind: 'weights' } });
  });

  it('drops the smallest magnitudes and grows as many anywhere else, evenly', async () => {
    // 10 active entries of 40, the constant 0.3 of which is 3. Over 400 steps 1200 growths fall on 33 places.
    const weights = Array.from({ length: 40 }, (_, i) => (i < 10 ? i + 1 : 0));
    const view = layer('w', weights, { mask: weights.map(w => Number(w > 0)) });
    const method = set({ sparsity: 0.75, cadence, distribution: uniform });
    const hits = new Array<number>(40).fill(0);
    for (let step = 0; step < 400; step++) {
      const { masks } = await method.decide({ ...viewAt(step, view), clock: { step, position: 6, round: 0 } }, null);
      const mask = masks?.get('w') ?? new Uint8Array();
      expect(countOnes(mask)).toBe(10);
      for (const [i, bit] of mask.entries()) hits[i] = (hits[i] ?? 0) + bit;
    }
    expect(hits.slice(3, 10)).toEqual(new Array(7).fill(400)); // the seven largest always stay
    for (const places of [...hits.slice(0, 3), ...hits.slice(10)]) {
      expect(Math.abs(places - 1200 / 33)).toBeLessThan(30); // five standard deviations of 5.8
    }
  });

  it('draws other places than the start when both fall on step 0', async () => {
    const method = set({ sparsity: 0.5, cadence: { start: 0, end: 9, every: 3 }, dropFraction: 1 });
    const view = shaped('w', 20, 20);
    const first = method.start(viewAt(0, view)).masks?.get('w') ?? new Uint8Array();
    const masked = layer('w', [...view.weights], { mask: [...first] });
    const second = (await method.decide(viewAt(0, masked), null)).masks?.get('w');
    const shared = first.reduce((sum, bit, i) => sum + (bit & (second?.[i] ?? 0)), 0);
    expect(Math.abs(shared - 100)).toBeLessThan(25); // independent halves of 400 share 100 ± 5
  });
});

it('staticSparse never observes anything', () => {
  expect(observedBelow(50, staticSparse({ sparsity: 0.5 }).plan)).toEqual([]);
});
