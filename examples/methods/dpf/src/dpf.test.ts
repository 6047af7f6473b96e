import {
  countOnes,
  EspalierError,
  keptCount,
  type PruningMethod,
  polynomial,
  uniform,
  withRules,
} from '@espalier/core';
import { viewAt } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layer } from '../test/layers.js';
import { dpf } from './index.js';

const cadence = { start: 10, end: 30, every: 8 };

async function masksOf(
  method: PruningMethod<null>,
  ...view: Parameters<typeof viewAt>
): Promise<Record<string, number[]>> {
  const { masks } = await method.decide(viewAt(...view), null);
  return Object.fromEntries([...(masks ?? [])].map(([name, mask]) => [name, [...mask]]));
}

describe('dpf', () => {
  it('observes weights at the cadence only, its end included, and nothing after it', () => {
    const method = dpf({ sparsity: 0.5, cadence });
    const due = Array.from({ length: 60 }, (_, position) => position).filter(
      position => method.plan({ step: position, position, round: 0 }, null).observe,
    );
    expect(due).toEqual([10, 18, 26, 30]);
  });

  it('ranks the dense weights, so what was masked comes back when it has grown', async () => {
    // 3 of 6 stay: |−9|, |5| and |4|, of which 5 and 4 were masked. The model saw 0 there.
    const a = layer('a', [1, -9, 2], [1, 1, 1]);
    const b = layer('b', [5, 0.5, -4], [0, 1, 0]);
    expect(await masksOf(dpf({ sparsity: 0.5, cadence }), 30, a, b)).toEqual({ a: [0, 1, 0], b: [1, 0, 1] });
  });

  it('ranks within each layer if the distribution says so', async () => {
    // round(3 · 0.5) = 2 of each (1.5 rounds up).
    const method = dpf({ sparsity: 0.5, cadence, distribution: uniform });
    const masks = await masksOf(method, 30, layer('a', [1, -9, 2]), layer('b', [5, 0.5, -4], [0, 1, 0]));
    expect(masks).toEqual({ a: [0, 1, 1], b: [1, 0, 1] });
  });

  it('corrects a mask that was chosen too early: the gradient of the masked model moves the dense weights', async () => {
    // Loss ½ Σ (m w − t)² with t = (0, 1), w = (1, 0.9), γ = 0.1. The mask keeps |1|, so the model is (1, 0) and the
    // gradient (1, −1). w becomes (0.9, 1.0): now the second entry is the larger.
    const method = dpf({ sparsity: 0.5, cadence: { start: 0, end: 9, every: 1 }, schedule: () => 0.5 });
    const [t, rate] = [[0, 1], 0.1];
    const raw = [1, 0.9];
    const seen: number[][] = [];
    for (const position of [0, 1]) {
      const mask = (await masksOf(method, position, layer('w', raw))).w ?? [];
      seen.push(mask);
      const effective = raw.map((w, i) => w * (mask[i] ?? 0));
      for (const i of [0, 1]) raw[i]! -= rate * (effective[i]! - t[i]!);
    }
    expect(seen).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('follows the cubic schedule, or the given one', async () => {
    // 18: progress 0.4, s = 0.9 (1 − 0.6³) = 0.7056; round(1000 · 0.2944) = 294 stay. 26: 0.9 (1 − 0.2³) = 0.8928 →
    // 107.
    const w = layer(
      'w',
      Array.from({ length: 1000 }, (_, i) => i + 1),
    );
    const kept = async (method: PruningMethod<null>, position: number): Promise<number> => {
      const { masks } = await method.decide(viewAt(position, w), null);
      return countOnes(masks?.get('w') ?? new Uint8Array());
    };
    const cubic = dpf({ sparsity: 0.9, cadence });
    expect(await Promise.all([10, 18, 26, 30].map(position => kept(cubic, position)))).toEqual([1000, 294, 107, 100]);
    const early = dpf({ sparsity: 0.9, cadence, schedule: polynomial({ to: 0.9, start: 10, end: 18 }) });
    expect(await Promise.all([10, 18, 26, 30].map(position => kept(early, position)))).toEqual([1000, 100, 100, 100]);
  });

  it('keeps exactly the largest dense magnitudes, whatever was masked before', async () => {
    const entry = fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 1 }));
    const entries = fc.array(entry, { minLength: 2, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(entries, fc.double({ min: 0, max: 0.95, noNaN: true }), async (list, sparsity) => {
        const raw = list.map(([w]) => w);
        const w = layer(
          'w',
          raw,
          list.map(([, bit]) => bit),
        );
        const mask = (await masksOf(dpf({ sparsity, cadence }), 30, w)).w ?? [];
        const kept = raw.filter((_, i) => mask[i]).map(Math.abs);
        const left = raw.filter((_, i) => !mask[i]).map(Math.abs);
        expect(kept).toHaveLength(keptCount(raw.length, sparsity));
        expect(Math.min(...kept)).toBeGreaterThanOrEqual(Math.max(0, ...left));
      }),
    );
  });

  it('applies the last mask for good, and only the last', async () => {
    const method = dpf({ sparsity: 0.5, cadence });
    const decisions = await Promise.all(
      [10, 18, 26, 30].map(async position => method.decide(viewAt(position, layer('w', [1, 2])), null)),
    );
    expect(decisions.map(({ bake }) => bake ?? false)).toEqual([false, false, false, true]);
    expect(decisions.map(({ phase }) => phase)).toEqual([undefined, undefined, undefined, 'fine-tuning']);
  });

  it('promises its sparsity at the end of the cadence, unless layers have rules of their own', () => {
    expect(dpf({ sparsity: 0.9, cadence }).target).toEqual({ sparsity: 0.9, position: 30 });
    const distribution = withRules(uniform, { dense: ['a'] });
    expect(dpf({ sparsity: 0.9, cadence, distribution }).target).toBeUndefined();
  });

  it.each([
    { sparsity: 1, cadence },
    { sparsity: 0.9, cadence: { start: 10, end: 5, every: 1 } },
    { sparsity: 0.5, cadence, initialSparsity: 0.6 },
    { sparsity: 0.5, cadence, schedule: () => 0.4 },
  ])('refuses %j when it is created', options => {
    expect(() => dpf(options)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
