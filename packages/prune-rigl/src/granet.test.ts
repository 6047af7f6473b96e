import { activeMagnitude, countOnes, global, keptCount, type LayerView, selectMasks } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observedBelow, shaped } from '../test/views.js';
import { type GraNetOptions, granet } from './index.js';

const usual: GraNetOptions = { sparsity: 0.8, cadence: { start: 0, end: 12, every: 4 }, trainingSteps: 21 };
const ones = (masks: Iterable<Uint8Array>): number => [...masks].reduce((sum, mask) => sum + countOnes(mask), 0);

async function decided(method: ReturnType<typeof granet>, position: number, ...layers: LayerView[]) {
  const { masks = new Map(), weights = new Map() } = await method.decide(viewAt(position, ...layers), null);
  return { masks, weights, mask: (name: string): number[] => [...(masks.get(name) ?? [])] };
}

/** The layers as the session shows them next, with new gradients. */
function next(layers: readonly LayerView[], masks: ReadonlyMap<string, Uint8Array>, shift: number): LayerView[] {
  return layers.map(({ name, size, weights, mask }) => {
    const bits = [...(masks.get(name) ?? mask)];
    const moved = [...weights].map((weight, i) => weight + Math.sin(i * 1.7 + shift));
    return layer(name, moved, {
      mask: bits,
      gradient: Array.from({ length: size }, (_, i) => Math.cos(i * 2.3 + shift)),
    });
  });
}

describe('granet', () => {
  it('prunes and regenerates at the cadence, then regenerates until the step before the last', () => {
    const method = granet({ ...usual, cadence: { start: 2, end: 11, every: 4 }, trainingSteps: 23 });
    expect(observedBelow(40, method.plan)).toEqual([2, 6, 10, 11, 14, 18]); // 22 is the last step
    expect(method.plan({ step: 2, position: 2, round: 0 }, null)).toEqual({ observe: { kind: 'gradients' } });
  });

  it('prunes globally, then drops and grows in each layer', async () => {
    // Position 12 is the end: keptCount(10 · 0.5) = 5: |9|, |8|, |7|, |6| of a and |5| of b. r = 0.5 at every step
    // here: a drops ceil(0.5 · 4) = 2 of them, 6 and 7, and grows the gradients 4 and 3; b drops 5 and grows the
    // gradient 1.
    const a = layer('a', [9, -8, 7, 6, 1, 0], { mask: [1, 1, 1, 1, 1, 0], gradient: [9, 9, 0.5, 3, 0.1, -4] });
    const b = layer('b', [5, 2, 3, 1], { gradient: [0.1, 1, 0.2, 0.3] });
    const method = granet({ ...usual, sparsity: 0.5, finalRegrowFraction: 0.5 });
    const { mask } = await decided(method, 12, a, b);
    expect(mask('a')).toEqual([1, 1, 0, 1, 0, 1]); // 6 was dropped and grew again
    expect(mask('b')).toEqual([0, 1, 0, 0]);
  });

  it('starts from 0 what it prunes and grows again in one step, but not what it drops and grows again', async () => {
    // keptCount(4 · 0.5) = 2: 4 and 3 stay, 2 and 1 are pruned. r = 1: both are dropped; the gradients 9 and 8 grow.
    const view = layer('w', [4, 3, 2, 1], { gradient: [8, 0.1, 9, 0.2] });
    const method = granet({ ...usual, sparsity: 0.5, regrowFraction: 1, finalRegrowFraction: 1 });
    const { mask, weights } = await decided(method, 12, view);
    expect(mask('w')).toEqual([1, 0, 1, 0]);
    expect([weights.get('w')?.[0], weights.get('w')?.[2]]).toEqual([4, 0]);
  });

  it('granet N1: regeneration keeps the count that pruning left in each layer', async () => {
    const layers = next([shaped('a', 8, 8), shaped('b', 16, 4), shaped('c', 5)], new Map(), 1);
    for (const position of [0, 4, 8, 12]) {
      const regenerated = await decided(granet(usual), position, ...layers);
      const pruned = await decided(granet({ ...usual, regrowFraction: 0 }), position, ...layers);
      const counts = (masks: ReadonlyMap<string, Uint8Array>): number[] => [...masks.values()].map(countOnes);
      expect(counts(regenerated.masks)).toEqual(counts(pruned.masks));
      expect(regenerated.masks).not.toEqual(pruned.masks);
    }
  });

  it('granet N2, granet N4: the overall count follows the cubic schedule exactly, and sparsity never falls', async () => {
    // 133 entries; 0.8 − 0.3 (1 − t)³ at t = 0, 1/3, 2/3, 1: 0.5, 0.71111, 0.78889, 0.8.
    const method = granet(usual);
    let layers = next([shaped('a', 8, 8), shaped('b', 16, 4), shaped('c', 5)], new Map(), 0);
    layers = next(layers, method.start(viewAt(0, ...layers)).masks ?? new Map(), 1);
    const counts = [ones(layers.map(({ mask }) => mask))];
    for (const position of [0, 4, 8, 12, 16, 20]) {
      const { masks } = await decided(method, position, ...layers);
      counts.push(ones(masks.values()));
      layers = next(layers, masks, position);
    }
    expect(counts).toEqual([67, 67, 38, 28, 27, 27, 27]);
    expect(27).toBe(keptCount(133, 0.8));
  });

  it('granet N5: regenerates half at position 0 and 0.5 % at the last step of training', async () => {
    // 1000 active entries with small weights first; every gradient outside is larger than every one inside.
    const weights = Array.from({ length: 2000 }, (_, i) => (i < 1000 ? i + 1 : 0));
    const gradient = weights.map(weight => (weight ? 0.1 : 1));
    const view = layer('w', weights, { mask: weights.map(w => Number(w > 0)), gradient });
    const exchanged = async (position: number): Promise<number> => {
      const { masks } = await decided(granet({ ...usual, sparsity: 0.5 }), position, view);
      return 1000 - countOnes(masks.get('w')?.subarray(0, 1000) ?? new Uint8Array());
    };
    expect(await exchanged(0)).toBe(500);
    expect(await exchanged(20)).toBe(5);
    expect(await exchanged(10)).toBe(253); // halfway: 0.005 + 0.495/2 = 0.2525, rounded up
  });

  it('granet N6: without regeneration is gradual magnitude pruning', async () => {
    const entries = fc.array(fc.float({ noNaN: true, min: -9, max: 9 }), { minLength: 2, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(entries, entries, fc.constantFrom(0, 4, 8, 12), async (a, b, position) => {
        const layers = [layer('a', a, { gradient: b.concat(a).slice(0, a.length) }), layer('b', b, { gradient: b })];
        const { masks } = await decided(
          granet({ ...usual, initialSparsity: 0, regrowFraction: 0 }),
          position,
          ...layers,
        );
        const sparsity = 0.8 * (1 - (1 - position / 12) ** 3);
        expect(masks).toEqual(selectMasks(layers, activeMagnitude, sparsity, global));
      }),
    );
  });

  it('granet N7: with equal initial and final sparsity pruning changes nothing', async () => {
    const method = granet({ ...usual, sparsity: 0.6, initialSparsity: 0.6, regrowFraction: 0 });
    const layers = [shaped('a', 8, 8), shaped('b', 16, 4)];
    const { masks = new Map() } = method.start(viewAt(0, ...layers));
    for (const position of [0, 4, 8, 12]) {
      expect((await decided(method, position, ...next(layers, masks, position))).masks).toEqual(masks);
    }
  });
});
