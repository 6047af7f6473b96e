import {
  EspalierError,
  global,
  keptCount,
  type LayerView,
  type PruningMethod,
  uniform,
  withRules,
} from '@espalier/core';
import { viewAt } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layer } from '../test/layers.js';
import { dnw } from './index.js';

type Masks = Record<string, number[]>;
const plain = (masks: ReadonlyMap<string, Uint8Array> = new Map()): Masks =>
  Object.fromEntries([...masks].map(([name, mask]) => [name, [...mask]]));

async function edges(method: PruningMethod<null>, position: number, ...layers: LayerView[]): Promise<Masks> {
  return plain((await method.decide(viewAt(position, ...layers), null)).masks);
}

describe('dnw', () => {
  it('chooses the edges after every step up to the last, so no forward pass uses an old choice', () => {
    const method = dnw({ sparsity: 0.5, end: 4 });
    const due = [0, 1, 2, 3, 4, 5, 6].filter(
      position => method.plan({ step: position, position, round: 0 }, null).observe,
    );
    expect(due).toEqual([0, 1, 2, 3, 4]);
  });

  it('chooses edges before the first step too', () => {
    // Half of 2 and half of 4, within each layer.
    const { masks, bake } = dnw({ sparsity: 0.5, end: 9 }).start(
      viewAt(0, layer('a', [1, -9]), layer('b', [5, 0, -4, 1])),
    );
    expect(plain(masks)).toEqual({ a: [0, 1], b: [1, 0, 1, 0] });
    expect(bake).toBeUndefined();
  });

  it('ranks edges that no forward pass used on a par with the others', async () => {
    const a = layer('a', [1, -9, 2, 3], [1, 0, 1, 0]);
    expect(await edges(dnw({ sparsity: 0.5, end: 9 }), 3, a)).toEqual({ a: [0, 1, 0, 1] });
  });

  it('ranks all layers together if the distribution says so', async () => {
    // 3 of 6 stay: |−9|, |5|, |4|.
    const method = dnw({ sparsity: 0.5, end: 9, distribution: global });
    const masks = await edges(method, 3, layer('a', [1, -9]), layer('b', [5, 0.5, -4, 1], [0, 1, 0, 0]));
    expect(masks).toEqual({ a: [0, 1], b: [1, 0, 1, 0] });
  });

  it('swaps an edge when another outgrows it, at a constant number of edges', async () => {
    // The swap happens on the step after which the unused edge is the larger.
    // Straight-through with gradient (0, −1) and rate 0.1: (1, 0.75) → 0.85 → 0.95 → 1.05.
    const method = dnw({ sparsity: 0.5, end: 9 });
    const raw = [1, 0.75];
    const seen: string[] = [];
    for (const position of [0, 1, 2, 3]) {
      seen.push(((await edges(method, position, layer('w', raw))).w ?? []).join(''));
      raw[1]! += 0.1;
    }
    expect(seen).toEqual(['10', '10', '10', '01']);
  });

  it('has the same exact number of edges in each layer on every step', async () => {
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
        const method = dnw({ sparsity, end: 1 });
        const start = plain(method.start(viewAt(0, w)).masks);
        const mask = start.w ?? [];
        expect(await edges(method, 0, w)).toEqual(start);
        const used = raw.filter((_, i) => mask[i]).map(Math.abs);
        const unused = raw.filter((_, i) => !mask[i]).map(Math.abs);
        expect(used).toHaveLength(keptCount(raw.length, sparsity));
        expect(Math.min(...used)).toBeGreaterThanOrEqual(Math.max(0, ...unused));
      }),
    );
  });

  it('makes the edges in use the network after the last step', async () => {
    const method = dnw({ sparsity: 0.5, end: 6 });
    const decisions = await Promise.all(
      [0, 5, 6].map(async position => method.decide(viewAt(position, layer('w', [1, 2])), null)),
    );
    expect(decisions.map(({ bake }) => bake ?? false)).toEqual([false, false, true]);
  });

  it('promises its sparsity from the first step on, unless layers have rules of their own', () => {
    expect(dnw({ sparsity: 0.9, end: 30 }).target).toEqual({ sparsity: 0.9, position: 0 });
    expect(dnw({ sparsity: 0.9, end: 30, distribution: withRules(uniform, { dense: ['a'] }) }).target).toBeUndefined();
  });

  it.each([
    [{ sparsity: 1, end: 9 }, /"sparsity"/],
    [{ sparsity: 0.9, end: 1.5 }, /"end"/],
    [{ sparsity: 0.9, end: -1 }, /"end"/],
  ])('refuses %j when it is created', (options, message) => {
    expect(() => dnw(options)).toThrow(expect.toSatisfy(EspalierError.isInstance));
    expect(() => dnw(options)).toThrow(message);
  });
});
