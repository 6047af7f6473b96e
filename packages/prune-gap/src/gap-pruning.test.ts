import { activeMagnitude, countOnes, global, keptCount, selectMasks, uniform } from '@espalier/core';
import { layer } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { abcd, base, carriedOut, isDense, run, view } from '../test/turns.js';
import { gap } from './index.js';

describe('the cut of gap', () => {
  it('gap G2: growing leaves active weights as they are, and starts masked ones at 0', async () => {
    const [, ...turns] = await run(base, abcd);
    for (const { before, after } of turns) {
      before.forEach((old, i) => {
        const grown = after[i];
        if (!grown || isDense(old) || !isDense(grown)) return;
        expect([...grown.weights]).toEqual([...old.weights]);
        expect(countOnes(Uint8Array.from(grown.weights, w => (w === 0 ? 1 : 0)))).toBe(
          old.size - keptCount(old.size, 0.8),
        );
      });
    }
  });

  it('gap G3: the partition that was dense keeps its largest magnitudes, and nobody else changes', async () => {
    const [, ...turns] = await run(base, abcd);
    for (const { before, after } of turns) {
      const expected = selectMasks(before, activeMagnitude, 0.8, uniform);
      before.forEach((old, i) => {
        const pruned = after[i];
        if (!pruned || isDense(pruned)) return;
        expect([...pruned.mask]).toEqual([...(expected.get(old.name) ?? [])]);
        if (!isDense(old)) expect([...pruned.mask]).toEqual([...old.mask]);
      });
    }
  });

  it('prunes a small layer as the arithmetic says', async () => {
    // round(5 · 0.4) = 2 stay of |3|, |−4|, |1|, |0.5|, |2|; b starts with one of round(3 · 0.4) = 1 entries.
    const method = gap({ sparsity: 0.6, partitions: 2, turns: 2, turnLength: 10, initialMasks: 'magnitude' });
    const layers = [layer('a', [3, -4, 1, 0.5, 2]), layer('b', [1, 0, -2])];
    const start = method.start(view(layers));
    expect([...(start.masks?.get('a') ?? [])]).toEqual([1, 1, 1, 1, 1]);
    expect([...(start.masks?.get('b') ?? [])]).toEqual([0, 0, 1]);
    const { masks, state } = await method.decide(view(carriedOut(layers, start), 9), 0);
    expect([...(masks?.get('a') ?? [])]).toEqual([1, 1, 0, 0, 0]);
    expect([...(masks?.get('b') ?? [])]).toEqual([1, 1, 1]);
    expect(state).toBe(1);
  });

  it('gap G6: one partition and one turn are dense training followed by one-shot magnitude pruning', async () => {
    const turns = await run({ ...base, partitions: 1, turns: 1 }, abcd);
    expect(turns).toHaveLength(2);
    expect(turns[0]?.decision.weights).toBeUndefined();
    expect(turns[0]?.after.every(isDense)).toBe(true);
    expect(turns[1]?.decision.masks).toEqual(selectMasks(turns[1]?.before ?? [], activeMagnitude, 0.8, uniform));
  });

  it('gap G6: one partition and several turns prune to 0 and train on from there, like AC/DC', async () => {
    const [, second] = await run({ ...base, partitions: 1, turns: 3 }, abcd);
    const pruned = selectMasks(second?.before ?? [], activeMagnitude, 0.8, uniform);
    expect(second?.after.every(isDense)).toBe(true);
    second?.after.forEach(({ name, weights }, i) => {
      const expected = second.before[i]?.weights.map((w, j) => (pruned.get(name)?.[j] ? w : 0));
      expect([...weights]).toEqual([...(expected ?? [])]);
    });
  });

  it('gap G8: in the end all partitions are sparse, whatever the distribution and the order', async () => {
    const total = abcd.reduce((sum, { size }) => sum + size, 0);
    for (const distribution of [uniform, global]) {
      for (const order of ['cyclic', 'random'] as const) {
        const end = (await run({ ...base, distribution, order }, abcd)).at(-1);
        expect(end?.decision.phase).toBe('fine-tune');
        const active = (end?.after ?? []).reduce((sum, { mask }) => sum + countOnes(mask), 0);
        // uniform: 8 + 6 + 10 + 4; global: round(140 · 0.2). The same here.
        expect(active).toBe(keptCount(total, 0.8));
      }
    }
    expect(gap(base).target).toEqual({ sparsity: 0.8, position: 39 });
  });
});
