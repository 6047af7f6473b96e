import {
  countOnes,
  type Decision,
  EspalierError,
  keptCount,
  type LayerView,
  nOfM,
  StructureMismatchError,
  uniform,
  withRules,
} from '@espalier/core';
import { layer as layerOf, viewAt } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acdc, type PhaseKind } from './index.js';

const layer = (name: string, weights: number[], mask?: number[]): LayerView =>
  layerOf(name, weights, { mask, shape: [weights.length, 1] });

const masksOf = ({ masks }: Decision): Record<string, number[]> =>
  Object.fromEntries([...(masks ?? [])].map(([name, mask]) => [name, [...mask]]));

// D0-3 S4-6 D7-8 S9-11 D12-13 S14-16.
const phases = { total: 17, warmup: 4, sparse: 3, dense: 2 };
const method = acdc({ sparsity: 0.5, phases });

describe('acdc', () => {
  it('observes weights before sparse phases, the clock alone before dense ones, and nothing else', () => {
    let phase: PhaseKind = 'dense';
    const seen: string[] = [];
    for (let position = 0; position < 40; position++) {
      const { observe, optimizer } = method.plan({ step: position, position, round: 0 }, phase);
      expect(optimizer).toBeUndefined();
      if (!observe) continue;
      seen.push(`${position} ${observe.kind}`);
      phase = phase === 'dense' ? 'sparse' : 'dense';
    }
    expect(seen).toEqual(['3 weights', '6 clock', '8 weights', '11 clock', '13 weights']);
  });

  it('keeps the largest magnitudes over all layers when a sparse phase begins', async () => {
    // round(6 · 0.5) = 3 stay: |−9|, |5|, |−4|.
    const decision = await method.decide(viewAt(3, layer('a', [1, -9, 2]), layer('b', [5, 0.5, -4])), 'dense');
    expect(masksOf(decision)).toEqual({ a: [0, 1, 0], b: [1, 0, 1] });
    expect(decision).toMatchObject({ state: 'sparse', phase: 'sparse' });
  });

  it('keeps the largest magnitudes of each layer with the uniform distribution', async () => {
    // round(3 · 0.5) = 2 (1.5 rounds up) of each.
    const view = viewAt(3, layer('a', [1, -9, 2]), layer('b', [5, 0.5, -4]));
    const layerwise = acdc({ sparsity: 0.5, phases, distribution: uniform });
    expect(masksOf(await layerwise.decide(view, 'dense'))).toEqual({ a: [0, 1, 1], b: [1, 0, 1] });
  });

  it('acdc A3, acdc A4: in dense phases all masks are ones, and every slot is reset', async () => {
    const view = viewAt(6, layer('a', [0, 2, 0], [0, 1, 0]), layer('b', [3], [1]));
    const decision = await method.decide(view, 'sparse');
    expect(masksOf(decision)).toEqual({ a: [1, 1, 1], b: [1] });
    expect(decision).toMatchObject({ state: 'dense', phase: 'dense', slots: 'reset' });
    expect(decision.snapshot).toBeUndefined();
  });

  it('acdc A5: selects from all weights, so that a weight may come back and masks are not nested', async () => {
    const first = masksOf(await method.decide(viewAt(3, layer('w', [4, 3, 2, 1])), 'dense'));
    expect(first).toEqual({ w: [1, 1, 0, 0] });
    // Decompressed, 2 has regrown from 0 to 5 and 4 has shrunk.
    const dense = await method.decide(viewAt(6, layer('w', [4, 3, 0, 0], [1, 1, 0, 0])), 'sparse');
    expect(masksOf(dense)).toEqual({ w: [1, 1, 1, 1] });
    expect(masksOf(await method.decide(viewAt(8, layer('w', [0.5, 3, 5, 0.1])), 'dense'))).toEqual({ w: [0, 1, 1, 0] });
  });

  it('acdc A5: re-ranks even where an entry is still masked', async () => {
    const view = viewAt(8, { ...layer('w', [0.5, 3, 5, 0.1]), mask: Uint8Array.of(1, 1, 0, 0) });
    expect(masksOf(await method.decide(view, 'dense'))).toEqual({ w: [0, 1, 1, 0] });
  });

  it('acdc A3, acdc A7: has the same exact count in every sparse phase, and gives no weights and resets no slots', async () => {
    const weights = fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 40 });
    const sparsities = fc.double({ min: 0, max: 0.99, noNaN: true });
    await fc.assert(
      fc.asyncProperty(weights, weights, sparsities, async (a, b, sparsity) => {
        for (const position of [3, 8, 13]) {
          const sparse = acdc({ sparsity, phases });
          const decision = await sparse.decide(viewAt(position, layer('a', a), layer('b', b)), 'dense');
          const ones = [...(decision.masks?.values() ?? [])].reduce((sum, mask) => sum + countOnes(mask), 0);
          expect(ones).toBe(keptCount(a.length + b.length, sparsity));
          expect([decision.weights, decision.slots]).toEqual([undefined, undefined]);
        }
      }),
    );
  });

  it('acdc A8: never decides a learning rate or goes back', async () => {
    for (const [position, phase] of [
      [3, 'dense'],
      [6, 'sparse'],
      [13, 'dense'],
    ] as const) {
      const decision = await method.decide(viewAt(position, layer('w', [1, 2, 3, 4])), phase);
      expect('learningRate' in decision || 'rewind' in decision).toBe(false);
    }
  });

  it('takes the dense twin at the end of the last dense phase only', async () => {
    const snapshots = [3, 8, 13].map(async position => {
      const { snapshot } = await method.decide(viewAt(position, layer('w', [1, 2])), 'dense');
      return snapshot;
    });
    expect(await Promise.all(snapshots)).toEqual([undefined, undefined, 'dense-twin']);
  });

  it('starts dense, and decompresses a model that comes masked', () => {
    expect(method.start(viewAt(0, layer('w', [1, 2])))).toEqual({ state: 'dense', phase: 'dense' });
    const decision = method.start(viewAt(0, layer('w', [1, 0], [1, 0])));
    expect(masksOf(decision)).toEqual({ w: [1, 1] });
  });

  it('keeps two of four inputs with the structure 2:4, and is uniform then', async () => {
    const structured = acdc({ sparsity: 0.5, phases, structure: nOfM(2, 4) });
    const view = viewAt(3, layer('a', [9, 8, 7, 6]), layer('b', [1, -4, 3, 2]));
    expect(masksOf(await structured.decide(view, 'dense'))).toEqual({ a: [1, 1, 0, 0], b: [0, 1, 1, 0] });
    expect(structured.options).toMatchObject({ distribution: 'uniform', structure: '2:4' });
  });

  it('refuses at the start, not in mid-training, a layer that cannot have the structure', () => {
    const view = viewAt(0, layer('conv1', [1, 2, 3]), layer('b', [1, -4, 3, 2]));
    const structured = (distribution: typeof uniform) =>
      acdc({ sparsity: 0.5, phases, structure: nOfM(2, 4), distribution });
    expect(() => structured(uniform).start(view)).toThrow(StructureMismatchError);
    const excepted = structured(withRules(uniform, { dense: ['conv1'] }));
    expect(excepted.start(view)).toEqual({ state: 'dense', phase: 'dense' });
    expect(excepted.target).toBeUndefined();
  });

  it('acdc A6: promises its sparsity from the last compression on', () => {
    expect(method.target).toEqual({ sparsity: 0.5, position: 13 });
  });

  it('describes itself with all lengths, defaults included', () => {
    expect(method.options).toEqual({
      sparsity: 0.5,
      phases: { total: 17, warmup: 4, sparse: 3, dense: 2, lastDense: 2, lastSparse: 3 },
      distribution: 'global',
      structure: 'unstructured',
    });
  });

  it.each([
    { sparsity: 1, phases },
    { sparsity: 0.9, phases: { ...phases, warmup: 0 } },
    { sparsity: 0.9, phases: { ...phases, total: 10 } },
    { sparsity: 0.9, phases, structure: nOfM(2, 4) },
  ])('refuses %j when it is created', options => {
    expect(() => acdc(options)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});

it('with a dense rest keeps more than the sparsity asks for, and promises no target', () => {
  const structure = nOfM(2, 4, { rest: 'dense' });
  const method = acdc({ sparsity: 0.5, phases: { total: 8, warmup: 2, sparse: 2, dense: 2 }, structure });
  expect(method.target).toBeUndefined();
  expect(method.options).toMatchObject({ structure: '2:4, rest dense' });
});
