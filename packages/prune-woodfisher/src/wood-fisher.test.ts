import { activeMagnitude, countOnes, keptCount, type LayerView, selectMasks, uniform, withRules } from '@espalier/core';
import { layer } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Sample, sampledAt } from '../test/samples.js';
import { oneShotWoodFisher, woodFisher } from './index.js';

const cadence = { start: 10, end: 30, every: 8 };
const numbers = (length: number, max = 4096): fc.Arbitrary<number[]> =>
  fc.array(
    fc.integer({ min: -max, max }).map(value => value / 1024),
    { minLength: length, maxLength: length },
  );
/** Two layers of 12 and 20 weights, and 5 gradients for them. */
const cases = fc.record({
  a: numbers(12),
  b: numbers(20),
  samples: fc.array(fc.record({ a: numbers(12), b: numbers(20) }), { minLength: 5, maxLength: 5 }),
});

describe('woodFisher', () => {
  it('observes samples at the cadence, its end included, once the schedule is above 0', () => {
    const dueOf = (initialSparsity: number): number[] => {
      const method = woodFisher({ sparsity: 0.5, cadence, initialSparsity, samples: 7 });
      return Array.from({ length: 40 }, (_, position) => position).filter(position => {
        const { observe } = method.plan({ step: position, position, round: 0 }, null);
        return observe?.kind === 'samples' && observe.count === 7;
      });
    };
    expect(dueOf(0.05)).toEqual([10, 18, 26, 30]);
    expect(dueOf(0)).toEqual([18, 26, 30]);
  });

  it('follows the published schedule of ResNet-50 at 90 %, and then reaches 90 %', async () => {
    // docs/methods/woodfisher.md (Traps): epochs [1, 5, 40] from 0.05 give these, and stop short at .8991.
    const published = [0.05, 0.3368, 0.5505, 0.7019, 0.8017, 0.8607, 0.8896, 0.8991];
    const method = woodFisher({
      sparsity: 0.9,
      cadence: { start: 1, end: 40, every: 5 },
      initialSparsity: 0.05,
      samples: 1,
    });
    const weights = Array.from({ length: 10_000 }, (_, i) => i + 1);
    const sparsityAt = async (position: number): Promise<number> => {
      const { masks } = await method.decide(
        sampledAt(position, [layer('w', weights)], [{ w: weights.map(() => 0) }]),
        null,
      );
      return 1 - countOnes(masks!.get('w')!) / weights.length;
    };
    for (const [i, sparsity] of published.entries()) {
      expect(Math.abs((await sparsityAt(1 + 5 * i)) - sparsity)).toBeLessThan(1e-4); // printed to four digits
    }
    expect(await sparsityAt(40)).toBe(1 - 1000 / 10_000);
  });

  it('woodfisher W5: ranks as magnitude does when all gradients are zero', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ a, b }) => {
        const layers = [layer('a', a), layer('b', b)];
        const method = oneShotWoodFisher({ sparsity: 0.6, samples: 1 });
        const zeros = { a: a.map(() => 0), b: b.map(() => 0) };
        const { masks } = await method.decide(sampledAt(0, layers, [zeros]), null);
        const least = Math.min(
          ...layers.flatMap(({ name, weights }) => [...weights].filter((_, i) => masks!.get(name)![i]).map(Math.abs)),
        );
        const greatest = Math.max(
          ...layers.flatMap(({ name, weights }) => [...weights].filter((_, i) => !masks!.get(name)![i]).map(Math.abs)),
        );
        expect(least).toBeGreaterThanOrEqual(greatest);
      }),
    );
  });

  it('woodfisher W5: with blocks of 1 ranks by w² (F_qq + λ), the diagonal Fisher', async () => {
    // F_qq = mean of squares: 4, 1, 0, 9; λ = 1; w² (F + λ) = 5, 8, 9, 2.5: with two kept, entries 1 and 2.
    const method = oneShotWoodFisher({ sparsity: 0.5, samples: 2, blockSize: 1, damping: 1 });
    const samples = [{ w: [2, -1, 0, 3] }, { w: [-2, 1, 0, 3] }];
    const { masks } = await method.decide(sampledAt(0, [layer('w', [1, 2, 3, 0.5])], samples), null);
    expect([...masks!.get('w')!]).toEqual([0, 1, 1, 0]);
  });

  it('woodfisher W7: keeps exact counts, zeroes what it prunes, and never brings it back', async () => {
    const sparsities = fc.double({ min: 0.01, max: 0.95, noNaN: true });
    await fc.assert(
      fc.asyncProperty(cases, sparsities, fc.constantFrom(1, 3, 50), async ({ a, b, samples }, sparsity, blockSize) => {
        const method = woodFisher({
          sparsity,
          initialSparsity: sparsity / 2,
          cadence,
          samples: 5,
          blockSize,
          damping: 0.1,
        });
        let layers = [layer('a', a), layer('b', b)];
        for (const position of [10, 18, 26, 30]) {
          const { masks, weights } = await method.decide(sampledAt(position, layers, samples), null);
          layers = layers.map(({ name, weights: old, mask }) => {
            const next = masks!.get(name)!;
            const moved = weights!.get(name) ?? old;
            expect(next.every((bit, i) => bit <= mask[i]!)).toBe(true);
            expect(moved.every((w, i) => Number.isFinite(w) && (next[i] || w === 0))).toBe(true);
            return layer(name, moved, { mask: next });
          });
        }
        expect(layers.reduce((sum, { mask }) => sum + countOnes(mask), 0)).toBe(keptCount(32, sparsity));
      }),
    );
  });

  it('woodfisher W8: prunes jointly by default and layer by layer with the uniform distribution', async () => {
    // Without gradients the scores are magnitudes: jointly 9, 8, 7, 6 stay; layer by layer two of each.
    const layers = [layer('a', [9, 8, 7, 6]), layer('b', [1, 2, 3, 4])];
    const zeros: Sample = { a: [0, 0, 0, 0], b: [0, 0, 0, 0] };
    const masksWith = async (options: { distribution?: typeof uniform }): Promise<number[][]> => {
      const method = oneShotWoodFisher({ sparsity: 0.5, samples: 1, ...options });
      const { masks } = await method.decide(sampledAt(0, layers, [zeros]), null);
      return [...masks!.values()].map(mask => [...mask]);
    };
    expect(await masksWith({})).toEqual([
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
    expect(await masksWith({ distribution: uniform })).toEqual([
      [1, 1, 0, 0],
      [0, 0, 1, 1],
    ]);
  });

  it('woodfisher W10: gives a layer the same weights whatever other layers there are', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ a, b, samples }) => {
        const method = oneShotWoodFisher({
          sparsity: 0.5,
          samples: 5,
          blockSize: 50,
          damping: 0.1,
          distribution: uniform,
        });
        const both = await method.decide(sampledAt(0, [layer('a', a), layer('b', b)], samples), null);
        const alone = await method.decide(sampledAt(0, [layer('b', b)], samples), null);
        expect(both.weights!.get('b')).toEqual(alone.weights!.get('b'));
        expect(both.masks!.get('b')).toEqual(alone.masks!.get('b'));
      }),
    );
  });

  it('gives the same decision in the direct and the Gram form', async () => {
    // 5 gradients: blocks of 20 take the Gram form; the same gradients eight times over, the direct one.
    const wave = (length: number, rate: number): number[] => Array.from({ length }, (_, i) => Math.sin(rate * (i + 1)));
    const layers = [layer('a', wave(12, 1.7)), layer('b', wave(20, 2.3))];
    const samples = [0.9, 1.9, 2.9, 3.9, 4.9].map(rate => ({ a: wave(12, rate), b: wave(20, rate) }));
    const decide = (times: number) => {
      const repeated = Array.from({ length: times }, () => samples).flat();
      const method = oneShotWoodFisher({ sparsity: 0.5, samples: repeated.length, blockSize: 20, damping: 0.01 });
      return method.decide(sampledAt(0, layers, repeated), null);
    };
    const [gram, direct] = await Promise.all([decide(1), decide(8)]);
    expect(gram.masks).toEqual(direct.masks);
    for (const { name } of layers) {
      gram.weights!.get(name)!.forEach((w, i) => {
        expect(w).toBeCloseTo(direct.weights!.get(name)![i]!, 5);
      });
    }
  });

  it('leaves a layer alone from which nothing is pruned, and works with one that is masked entirely', async () => {
    const layers = [layer('a', [5, 6]), layer('b', [1, 2]), layer('c', [0, 0], { mask: [0, 0] })];
    const samples = [{ a: [1, 1], b: [1, -1], c: [1, 1] }];
    const method = oneShotWoodFisher({ sparsity: 0.5, samples: 1 });
    const { masks, weights } = await method.decide(sampledAt(0, layers, samples), null);
    expect([...masks!].map(([, mask]) => [...mask])).toEqual([
      [1, 1],
      [0, 1],
      [0, 0],
    ]);
    expect([...weights!.keys()]).toEqual(['b']);
  });

  it('promises its sparsity at the end of the cadence, unless layers have rules of their own', () => {
    expect(woodFisher({ sparsity: 0.9, cadence }).target).toEqual({ sparsity: 0.9, position: 30 });
    const distribution = withRules(uniform, { dense: ['a'] });
    expect(woodFisher({ sparsity: 0.9, cadence, distribution }).target).toBeUndefined();
    expect(oneShotWoodFisher({ sparsity: 0.9, position: 4 }).target).toEqual({ sparsity: 0.9, position: 4 });
  });
});

describe('oneShotWoodFisher in several cuts', () => {
  const decide = async (
    method: ReturnType<typeof oneShotWoodFisher>,
    position: number,
    before: LayerView,
    g: number[],
  ) => {
    const { masks, weights } = await method.decide(sampledAt(position, [before], [{ w: g }]), null);
    return layer('w', weights?.get('w') ?? before.weights, { mask: masks!.get('w')! });
  };

  it('woodfisher W11: reaches 1 − (1 − i/n)² of the sparsity in cut i, a step apart', async () => {
    // 0.9 in three cuts: 0.9 (1 − 4/9) = 0.5, 0.9 (1 − 1/9) = 0.8, 0.9; of ten weights 5, 2 and 1 stay.
    const method = oneShotWoodFisher({ sparsity: 0.9, position: 7, cuts: 3, samples: 1 });
    const due = Array.from({ length: 20 }, (_, position) => position).filter(
      position => method.plan({ step: position, position, round: 0 }, null).observe !== undefined,
    );
    expect(due).toEqual([7, 8, 9]);
    const zeros = Array.from({ length: 10 }, () => 0);
    let current = layer('w', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const [position, kept] of [
      [7, 5],
      [8, 2],
      [9, 1],
    ] as const) {
      current = await decide(method, position, current, zeros);
      expect(countOnes(current.mask)).toBe(kept);
    }
    expect(method.target).toEqual({ sparsity: 0.9, position: 9 });
    expect(method.options).toMatchObject({ schedule: 'quadratic', cadence: { start: 7, end: 9, every: 1 } });
  });

  it('looks at the curvature that the cut before has left', async () => {
    // 0.75 in two cuts: 0.5625 and 0.75, so 2 and 1 of four stay. w² (F + λ) with λ = 1:
    // 1, 4, 9, 16 first; then, with F = 3 for the third, 36 and 16: the third stays, where one cut keeps the fourth.
    const options = { sparsity: 0.75, samples: 1, blockSize: 1, damping: 1 };
    const weights = layer('w', [1, 2, 3, 4]);
    const twice = oneShotWoodFisher({ ...options, cuts: 2 });
    const first = await decide(twice, 0, weights, [0, 0, 0, 0]);
    expect([...first.mask]).toEqual([0, 0, 1, 1]);
    const second = await decide(twice, 1, first, [0, 0, Math.sqrt(3), 0]);
    expect([...second.mask]).toEqual([0, 0, 1, 0]);
    const once = await decide(oneShotWoodFisher(options), 0, weights, [0, 0, 0, 0]);
    expect([...once.mask]).toEqual([0, 0, 0, 1]);
  });

  it('woodfisher W11: ends at the exact count in any number of cuts, and one cut is the plain one-shot', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        async (cuts, sparsity) => {
          const method = oneShotWoodFisher({ sparsity, cuts, samples: 1 });
          let current = layer(
            'w',
            Array.from({ length: 50 }, (_, i) => i - 25.5),
          );
          for (let position = 0; position < cuts; position++) {
            current = await decide(
              method,
              position,
              current,
              [...current.weights].map(() => 0),
            );
          }
          expect(countOnes(current.mask)).toBe(keptCount(50, sparsity));
        },
      ),
    );
    const [plain, once] = [oneShotWoodFisher({ sparsity: 0.5 }), oneShotWoodFisher({ sparsity: 0.5, cuts: 1 })];
    expect([once.options, once.target]).toEqual([plain.options, plain.target]);
  });

  it.each([0, -1, 1.5, '3', null])('refuses %j for a number of cuts', cuts => {
    expect(() => oneShotWoodFisher({ sparsity: 0.5, cuts: cuts as never })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('cuts') }),
    );
  });
});

it('the masks of magnitude pruning differ where curvature differs, so the gradients do count', async () => {
  const layers = [layer('w', [1, 1.1, 1.2, 1.3])];
  const method = oneShotWoodFisher({ sparsity: 0.5, samples: 1 });
  const { masks } = await method.decide(sampledAt(0, layers, [{ w: [9, 8, 0, 0] }]), null);
  expect(masks!.get('w')).not.toEqual(selectMasks(layers, activeMagnitude, 0.5, uniform).get('w'));
});
