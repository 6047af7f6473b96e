import {
  activeMagnitude,
  countOnes,
  type Decision,
  EspalierError,
  global,
  keptCount,
  type LayerView,
  randomStreams,
  type StepView,
  selectMasks,
  uniform,
  withRules,
} from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GapOptions, gap, parallelGap } from './index.js';

const layer = (name: string, weights: readonly number[], mask = weights.map(() => 1)): LayerView => ({
  name,
  shape: [weights.length],
  size: weights.length,
  weights: Float32Array.from(weights),
  mask: Uint8Array.from(mask),
});

const normal = (name: string, size: number): LayerView => {
  const next = randomStreams(3, 0)(name);
  return layer(
    name,
    Array.from({ length: size }, () => next() + next() + next() - 1.5),
  );
};

const view = (layers: readonly LayerView[], position = 0): StepView => ({
  clock: { step: position, position, round: 0 },
  layers,
  random: randomStreams(5, position),
});

/** The layers after a decision, as a session carries it out. */
function carriedOut(layers: readonly LayerView[], { masks, weights }: Decision<number>): LayerView[] {
  return layers.map(old => {
    const mask = masks?.get(old.name) ?? old.mask;
    const values = weights?.get(old.name) ?? old.weights;
    return { ...old, mask, weights: values.map((w, i) => (mask[i] ? w : 0)) };
  });
}

interface Turn {
  readonly position: number;
  readonly decision: Decision<number>;
  readonly before: readonly LayerView[];
  readonly after: readonly LayerView[];
}

/** All decisions of a run in which every step scales each active weight, and moves those at 0. */
async function run(options: GapOptions, layers: readonly LayerView[]): Promise<Turn[]> {
  const method = gap(options);
  let decision: Decision<number> = method.start(view(layers));
  let current = carriedOut(layers, decision);
  const turns: Turn[] = [{ position: -1, decision, before: layers, after: current }];
  let state = decision.state;
  for (let position = 0; position < options.turns * options.turnLength + 3; position++) {
    const next = randomStreams(11, position)('training');
    current = current.map(l => ({ ...l, weights: l.weights.map((w, i) => (l.mask[i] ? w * 0.9 + next() - 0.5 : 0)) }));
    if (!method.plan({ step: position, position, round: 0 }, state).observe) continue;
    decision = await method.decide(view(current, position), state);
    state = decision.state;
    const after = carriedOut(current, decision);
    turns.push({ position, decision, before: current, after });
    current = after;
  }
  return turns;
}

const isDense = ({ mask, size }: LayerView): boolean => countOnes(mask) === size;
const denseNames = (layers: readonly LayerView[]): string[] => layers.filter(isDense).map(({ name }) => name);
const abcd = [normal('a', 40), normal('b', 30), normal('c', 50), normal('d', 20)];
const base = { sparsity: 0.8, partitions: 4, turnLength: 5, turns: 8 };

describe('gap', () => {
  it('invariant 1: one partition is all ones in every turn, all others are exactly at the sparsity', async () => {
    for (const initialMasks of ['random', 'magnitude'] as const) {
      const turns = await run({ ...base, partitions: 2, initialMasks }, abcd);
      const dense = turns.map(({ after }) => denseNames(after).join(''));
      // contiguous(2) of 40 + 30 | 50 + 20.
      expect(dense).toEqual(['ab', 'cd', 'ab', 'cd', 'ab', 'cd', 'ab', 'cd', '']);
      for (const { after } of turns) {
        for (const l of after) if (!isDense(l)) expect(countOnes(l.mask)).toBe(keptCount(l.size, 0.8));
      }
    }
  });

  it('invariant 1, with any sizes, sparsity and number of partitions', async () => {
    const sizes = fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.double({ min: 0.4, max: 0.95, noNaN: true }), async (list, n, sparsity) => {
        const layers = list.map((size, i) => normal(`l${i}`, size));
        const partitions = 1 + (n % list.length);
        for (const { after, decision } of await run(
          { sparsity, partitions, turns: partitions + 1, turnLength: 1 },
          layers,
        )) {
          const growing = decision.phase === 'fine-tune' ? [] : denseNames(after);
          for (const l of after) {
            expect(countOnes(l.mask)).toBe(growing.includes(l.name) ? l.size : keptCount(l.size, sparsity));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('invariant 2: growing leaves kept weights as they are, and starts masked ones at 0', async () => {
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

  it('invariant 3: the partition that was dense keeps its largest magnitudes, and nobody else changes', async () => {
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

  it('invariant 4: κ turns visit each partition exactly once, in order', async () => {
    const turns = await run(base, abcd);
    expect(turns.map(({ after }) => denseNames(after).join(''))).toEqual([...'abcdabcd', '']);
    expect(turns.map(({ position }) => position)).toEqual([-1, 4, 9, 14, 19, 24, 29, 34, 39]);
  });

  it('invariant 6: one partition and one turn are dense training followed by one-shot magnitude pruning', async () => {
    const turns = await run({ ...base, partitions: 1, turns: 1 }, abcd);
    expect(turns).toHaveLength(2);
    expect(turns[0]?.decision.weights).toBeUndefined();
    expect(turns[0]?.after.every(isDense)).toBe(true);
    expect(turns[1]?.decision.masks).toEqual(selectMasks(turns[1]?.before ?? [], activeMagnitude, 0.8, uniform));
  });

  it('invariant 6: one partition and several turns prune to 0 and train on from there, like AC/DC', async () => {
    const [, second] = await run({ ...base, partitions: 1, turns: 3 }, abcd);
    const pruned = selectMasks(second?.before ?? [], activeMagnitude, 0.8, uniform);
    expect(second?.after.every(isDense)).toBe(true);
    second?.after.forEach(({ name, weights }, i) => {
      const expected = second.before[i]?.weights.map((w, j) => (pruned.get(name)?.[j] ? w : 0));
      expect([...weights]).toEqual([...(expected ?? [])]);
    });
  });

  it('invariant 7: every turn and the end reset the slots, and the learning rate starts anew', async () => {
    const segments = [{ shape: 'linear', length: 5, from: 0.1, to: 0 }] as const;
    const turns = await run({ ...base, learningRate: segments }, abcd);
    expect(turns.slice(1).map(({ decision }) => decision.slots)).toEqual(Array.from({ length: 8 }, () => 'reset'));
    const plans = turns.map(({ decision }) => decision.learningRate);
    expect(plans).toEqual([...[0, 5, 10, 15, 20, 25, 30, 35].map(start => ({ start, segments })), null]);
    expect((await run({ ...base, slots: 'keep' }, abcd))[1]?.decision.slots).toBe('keep');
    expect((await run(base, abcd)).every(({ decision }) => !('learningRate' in decision))).toBe(true);
  });

  it('invariant 8: in the end all partitions are sparse, whatever the distribution and the order', async () => {
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

  it('has the density of section 7 while it trains: equal partitions, κ = 4', async () => {
    // 1/κ + (1 − 1/κ)(1 − S): .40 at S = .8 and .325 at S = .9, specs/gap.md section 7. Layers of 40: 40 + 3·8, 40 + 3·4.
    const equal = ['a', 'b', 'c', 'd'].map(name => normal(name, 40));
    for (const [sparsity, density] of [
      [0.8, 0.4],
      [0.9, 0.325],
    ] as const) {
      const turns = await run({ ...base, sparsity }, equal);
      for (const { after } of turns.slice(0, -1)) {
        expect(after.reduce((sum, { mask }) => sum + countOnes(mask), 0) / 160).toBeCloseTo(density, 12);
      }
    }
  });

  it('grows as many random layers as a hand holds, and others from turn to turn, in random order', async () => {
    const layers = Array.from({ length: 10 }, (_, i) => normal(`l${i}`, 20));
    const options = { ...base, partitions: 4, turns: 12, order: 'random' } as const;
    const turns = (await run(options, layers)).slice(0, -1);
    // Hands of 10 layers: cuts at 0, 2, 5, 7, 10.
    const hands = turns.map(({ after }) => denseNames(after));
    expect(hands.map(({ length }) => length)).toEqual([2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3]);
    expect(new Set(hands.map(hand => hand.join())).size).toBeGreaterThan(8);
    expect(new Set(hands.flat()).size).toBe(10);
    expect((await run(options, layers)).slice(0, -1).map(({ after }) => denseNames(after))).toEqual(hands);
  });

  it('draws initial masks at random, of the same size as by magnitude and independent between layers', () => {
    const layers = ['a', 'b', 'c'].map(name =>
      layer(
        name,
        Array.from({ length: 100 }, (_, i) => i),
      ),
    );
    const { masks } = gap({ ...base, partitions: 3 }).start(view(layers));
    const [b, c] = [masks?.get('b'), masks?.get('c')];
    expect([b, c].map(mask => countOnes(mask ?? new Uint8Array()))).toEqual([20, 20]);
    expect(b).not.toEqual(c);
    expect(b?.slice(0, 80).some(Boolean)).toBe(true); // by magnitude only the last 20 would stay
  });

  it('keeps the masks of layers that are sparse already', () => {
    const sparse = layer('b', [5, 0, 0, 0, 0], [1, 0, 0, 0, 0]);
    const { masks } = gap({ ...base, partitions: 2 }).start(view([layer('a', [1, 2, 3, 4, 5]), sparse]));
    expect([...(masks?.get('b') ?? [])]).toEqual([1, 0, 0, 0, 0]);
  });

  it('lets rules keep single layers dense, and then promises no sparsity', async () => {
    const distribution = withRules(uniform, { dense: ['a'] });
    expect(gap({ ...base, distribution }).target).toBeUndefined();
    const end = (await run({ ...base, distribution }, abcd)).at(-1);
    expect(denseNames(end?.after ?? [])).toEqual(['a']);
  });

  it.each([
    { sparsity: 1 },
    { partitions: 0 },
    { partitions: 'stages' as never },
    { turns: 0 },
    { turns: 2.5 },
    { turnLength: 0 },
    { turnLength: 2 ** 53 - 1 },
    { order: 'shuffled' as never },
    { slots: 'clear' as never },
    { initialMasks: 'zero' as never },
    { distribution: 'uniform' as never },
    { learningRate: [] },
    { learningRate: [{ shape: 'constant', length: 1, value: -1 } as const] },
  ])('refuses %j when it is created', wrong => {
    expect(() => gap({ ...base, ...wrong })).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});

describe('parallelGap', () => {
  const copy = (partition: number, layers: readonly LayerView[] = abcd) =>
    parallelGap({ sparsity: 0.8, partitions: 4, partition }).start(view(layers));

  it('makes one partition all ones and the others sparse', () => {
    for (const partition of [0, 1, 2, 3]) {
      const { masks } = copy(partition);
      abcd.forEach(({ name, size }, i) => {
        expect(countOnes(masks?.get(name) ?? new Uint8Array())).toBe(i === partition ? size : keptCount(size, 0.8));
      });
    }
  });

  it('starts all copies of a seed from one all-sparse model', () => {
    const starts = [0, 1, 2, 3].map(partition => carriedOut(abcd, copy(partition) as unknown as Decision<number>));
    abcd.forEach((_, i) => {
      const versions = starts.map(layers => [...(layers[i]?.weights ?? [])]);
      for (const version of versions) expect(version).toEqual(versions[0]);
      expect(versions[0]?.filter(w => w !== 0)).toHaveLength(keptCount(abcd[i]?.size ?? 0, 0.8));
    });
  });

  it('keeps the masks and weights of the model of the round before', () => {
    const sparse = abcd.map(l => {
      const mask = selectMasks([l], activeMagnitude, 0.8, uniform).get(l.name) ?? l.mask;
      return { ...l, mask, weights: l.weights.map((w, i) => (mask[i] ? w : 0)) };
    });
    const after = carriedOut(sparse, copy(2, sparse) as unknown as Decision<number>);
    after.forEach((l, i) => {
      expect([...l.weights]).toEqual([...(sparse[i]?.weights ?? [])]);
      if (i !== 2) expect([...l.mask]).toEqual([...(sparse[i]?.mask ?? [])]);
    });
    expect(denseNames(after)).toEqual(['c']);
  });

  it('refuses a partition that the rule does not make', () => {
    expect(() => copy(4)).toThrow(/"partition" is 4, but must be less than 4/);
    for (const partition of [-1, 0.5]) expect(() => copy(partition)).toThrow(/integer ≥ 0/);
  });
});
