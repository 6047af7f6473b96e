import { countOnes, EspalierError, erdosRenyiKernel, global, type StepView, uniform, withRules } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { magnitude, oneShotMagnitude } from './index.js';

/** The masks that the method decides at one position. */
async function masksOf(method: ReturnType<typeof magnitude>, view: StepView): Promise<Record<string, number[]>> {
  const { masks } = await method.decide(view, null);
  return Object.fromEntries([...(masks ?? [])].map(([name, mask]) => [name, [...mask]]));
}

const cadence = { start: 10, end: 30, every: 8 };

describe('magnitude', () => {
  it('observes weights at the cadence only, its end included', () => {
    const method = magnitude({ sparsity: 0.5, cadence });
    const due = Array.from({ length: 40 }, (_, position) => position).filter(
      position => method.plan({ step: position, position, round: 0 }, null).observe,
    );
    expect(due).toEqual([10, 18, 26, 30]);
  });

  it('magnitude M7: masks the smallest magnitudes over all layers by default', async () => {
    // Final sparsity 0.5 of 6 entries: 3 stay, |−9|, |5|, |4|.
    const view = viewAt(30, layer('a', [1, -9, 2]), layer('b', [5, 0.5, -4]));
    expect(await masksOf(magnitude({ sparsity: 0.5, cadence }), view)).toEqual({ a: [0, 1, 0], b: [1, 0, 1] });
  });

  it('masks per layer with the uniform distribution', async () => {
    // round(3 · 0.5) = 2 (1.5 rounds up) of each.
    const view = viewAt(30, layer('a', [1, -9, 2]), layer('b', [5, 0.5, -4]));
    const method = magnitude({ sparsity: 0.5, cadence, distribution: uniform });
    expect(await masksOf(method, view)).toEqual({ a: [0, 1, 1], b: [1, 0, 1] });
  });

  it('magnitude M3: follows the cubic schedule, and reaches its end exactly', async () => {
    // 18: progress 0.4, s = 0.9 (1 − 0.6³) = 0.7056; round(1000 · 0.2944) = 294 stay. 26: 0.9 (1 − 0.2³) = 0.8928 →
    // 107.
    const weights = Array.from({ length: 1000 }, (_, i) => i + 1);
    const method = magnitude({ sparsity: 0.9, cadence });
    const kept = async (position: number): Promise<number> => {
      const { masks } = await method.decide(viewAt(position, layer('w', weights)), null);
      return countOnes(masks?.get('w') ?? new Uint8Array());
    };
    expect(await Promise.all([10, 18, 26, 30].map(kept))).toEqual([1000, 294, 107, 100]);
  });

  it('magnitude M1: keeps exactly half of a tensor of equal weights, the lower indices', async () => {
    const view = viewAt(30, layer('w', [1, 1, 1, 1]));
    expect(await masksOf(magnitude({ sparsity: 0.5, cadence }), view)).toEqual({ w: [1, 1, 0, 0] });
  });

  it('magnitude M2: gives nested masks, what is masked never comes back', async () => {
    const entries = fc.array(fc.float({ noNaN: true }), { minLength: 4, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        entries,
        entries,
        fc.constantFrom(uniform, global, erdosRenyiKernel),
        async (a, b, distribution) => {
          const method = magnitude({ sparsity: 0.8, cadence, distribution });
          let layers = [layer('a', a), layer('b', b)];
          for (const position of [10, 18, 26, 30]) {
            const { masks } = await method.decide(viewAt(position, ...layers), null);
            layers = layers.map(({ name, weights, mask }) => {
              const next = masks?.get(name) ?? mask;
              expect(next.every((bit, i) => bit <= (mask[i] ?? 0))).toBe(true);
              return layer(
                name,
                weights.map(w => w * 1.5),
                { mask: next },
              );
            });
          }
        },
      ),
    );
  });

  it('promises its sparsity at the end of the cadence, unless layers have rules of their own', () => {
    expect(magnitude({ sparsity: 0.9, cadence }).target).toEqual({ sparsity: 0.9, position: 30 });
    const distribution = withRules(uniform, { dense: ['a'] });
    expect(magnitude({ sparsity: 0.9, cadence, distribution }).target).toBeUndefined();
  });

  it.each([
    { sparsity: 1, cadence },
    { sparsity: 0.9, cadence: { start: 10, end: 5, every: 1 } },
    { sparsity: 0.5, cadence, initialSparsity: 0.6 },
    { sparsity: 0.5, cadence, schedule: () => 0.4 },
  ])('refuses %j when it is created', options => {
    expect(() => magnitude(options)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});

describe('oneShotMagnitude', () => {
  it('magnitude M9: equals gradual pruning with a single update', async () => {
    const view = viewAt(7, layer('a', [1, -9, 2]), layer('b', [5, 0.5, -4]));
    const once = oneShotMagnitude({ sparsity: 0.5, position: 7 });
    const gradual = magnitude({ sparsity: 0.5, cadence: { start: 7, end: 7, every: 100 } });
    expect(await masksOf(once, view)).toEqual(await masksOf(gradual, view));
    expect(once.target).toEqual({ sparsity: 0.5, position: 7 });
    expect(once.plan({ step: 6, position: 6, round: 0 }, null)).toEqual({});
  });

  it('refuses a position that is not a step', () => {
    expect(() => oneShotMagnitude({ sparsity: 0.5, position: 1.5 })).toThrow(/position/);
  });
});
