import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scored, shaped } from '../../test/scored-layers.js';
import { EspalierError, InfeasibleDistributionError } from '../errors/index.js';
import { countOnes, keepTop, keptCount } from '../mask/index.js';
import {
  type Distribution,
  erdosRenyi,
  erdosRenyiKernel,
  erdosRenyiOf,
  global,
  lamp,
  lampScores,
  solveErdosRenyi,
  uniform,
  uniformPlus,
  withRules,
} from './index.js';

const sum = (kept: ReadonlyMap<string, number>): number => [...kept.values()].reduce((a, b) => a + b, 0);

const layerSets = fc
  .array(fc.array(fc.float({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 30 }), {
    minLength: 1,
    maxLength: 6,
  })
  .map(sets => sets.map((scores, i) => scored(`l${i}`, ...scores)));

const sparsities = fc.double({ min: 0, max: 0.99, noNaN: true });

describe('every distribution', () => {
  const all: Record<string, Distribution> = { uniform, global, lamp, erdosRenyi, erdosRenyiKernel };

  it.each(Object.entries(all))(
    '%s keeps between 0 and all entries of each layer, as whole numbers',
    (_, distribution) => {
      fc.assert(
        fc.property(layerSets, sparsities, (layers, sparsity) => {
          const kept = distribution(layers, sparsity);
          for (const { name, size } of layers) {
            expect(Number.isInteger(kept.get(name))).toBe(true);
            expect(kept.get(name)).toBeGreaterThanOrEqual(0);
            expect(kept.get(name)).toBeLessThanOrEqual(size);
          }
        }),
      );
    },
  );

  it.each([
    ['global', global],
    ['lamp', lamp],
    ['erdosRenyiKernel', erdosRenyiKernel],
  ] as const)('%s meets the overall count exactly', (name, distribution) => {
    fc.assert(
      fc.property(layerSets, sparsities, (layers, sparsity) => {
        const total = keptCount(
          layers.reduce((n, { size }) => n + size, 0),
          sparsity,
        );
        // ERK keeps at least one entry a layer, which can exceed a very small overall count.
        const expected = name === 'erdosRenyiKernel' ? Math.max(total, layers.length) : total;
        expect(sum(distribution(layers, sparsity))).toBe(expected);
      }),
    );
  });
});

describe('erdosRenyi', () => {
  it('keeps the layer that it leaves dense whole: 4 of 4 and 17 of 49 at 0.6', () => {
    // Raw densities 4/4 and 14/49. ε = (4 − 2 + 49 − 29)/(4 + 14) = 1.22, so small is dense; round(53 · 0.4) = 21 less
    // 4 are for large.
    const layers = [shaped('small', 2, 2), shaped('large', 7, 7)];
    expect([...solveErdosRenyi(layers, 0.6, { kernel: true }).dense]).toEqual(['small']);
    for (const distribution of [erdosRenyi, erdosRenyiKernel]) {
      expect([...distribution(layers, 0.6)]).toEqual([
        ['small', 4],
        ['large', 17],
      ]);
    }
  });

  const shapes = fc.array(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 8,
  });
  const options = fc.record({ kernel: fc.boolean(), power: fc.constantFrom(0.5, 1, 2) });

  it('keeps dense layers whole, others less than one entry off their share, and exactly the overall count', () => {
    let seen = 0;
    fc.assert(
      fc.property(shapes, sparsities, options, (all, sparsity, chosen) => {
        const layers = all.map((shape, i) => shaped(`l${i}`, ...shape));
        const kept = erdosRenyiOf(chosen)(layers, sparsity);
        const total = keptCount(
          layers.reduce((n, { size }) => n + size, 0),
          sparsity,
        );
        expect(sum(kept)).toBe(Math.max(total, layers.length));
        const { dense, density } = solveErdosRenyi(layers, sparsity, chosen);
        const free = layers.filter(({ name }) => !dense.has(name));
        const budget = total - layers.reduce((n, { name, size }) => n + (dense.has(name) ? size : 0), 0);
        fc.pre(budget >= free.length);
        const shares = free.map(({ name, size }) => density.get(name)! * size);
        const scale = budget / shares.reduce((a, b) => a + b, 0);
        const bound = shares.some(share => scale * share < 1);
        for (const { name, size } of layers) if (dense.has(name)) expect(kept.get(name)).toBe(size);
        for (const [i, { name }] of free.entries()) {
          if (!bound) expect(Math.abs(kept.get(name)! - scale * shares[i]!)).toBeLessThan(1);
        }
        if (dense.size > 0 && free.length > 1) seen++;
      }),
      { numRuns: 1000 },
    );
    expect(seen).toBeGreaterThan(20);
  });

  it('has nothing to share out in layers without entries', () => {
    expect([...erdosRenyiKernel([shaped('none', 0), shaped('w', 4, 5)], 0.5)]).toEqual([
      ['none', 0],
      ['w', 10],
    ]);
  });

  it.each([{}, { kernel: 'yes' }, { kernel: true, power: 0 }, { kernel: true, power: '1' }, { kernel: true, pwer: 1 }])(
    'refuses %j',
    given => {
      expect(() => erdosRenyiOf(given as never)).toThrow(EspalierError);
      expect(() => solveErdosRenyi([], 0.5, given as never)).toThrow(EspalierError);
    },
  );
});

describe('global', () => {
  it('magnitude M7: keeps no score that is below one it drops in any layer', () => {
    fc.assert(
      fc.property(layerSets, sparsities, (layers, sparsity) => {
        const kept = global(layers, sparsity);
        const split = layers.map(({ name, scores }) => {
          const descending = [...scores].sort((a, b) => b - a);
          return [descending.slice(0, kept.get(name)), descending.slice(kept.get(name))] as const;
        });
        const least = Math.min(...split.flatMap(([top]) => top));
        const most = Math.max(...split.flatMap(([, rest]) => rest));
        expect(least).toBeGreaterThanOrEqual(most);
      }),
    );
  });
});

describe('lamp', () => {
  it('scores by the fraction of the norm at or above an entry', () => {
    // w² ascending 1, 4, 9: 1/14, 4/13, 9/9; in the order of the weights 3, 1, 2.
    const magnitudes = Float32Array.of(3, 1, 2);
    expect([...lampScores(magnitudes)]).toEqual([1, expect.closeTo(1 / 14, 7), expect.closeTo(4 / 13, 7)]);
    expect([...magnitudes]).toEqual([3, 1, 2]);
  });

  it('keeps by its scores, entry by entry, what the distribution counts', () => {
    const values = fc.array(fc.float({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, values, sparsities, (a, b, sparsity) => {
        const layers = [scored('a', ...a), scored('b', ...b)];
        const scores = layers.map(layer => lampScores(layer.scores));
        for (const [i, layer] of layers.entries()) {
          const slow = [...layer.scores].map((w, k) => {
            const above = [...layer.scores].filter((v, j) => v > w || (v === w && j >= k));
            const whole = above.reduce((sum, v) => sum + v * v, 0);
            return above.length === 1 ? 1 : whole > 0 ? (w * w) / whole : 0;
          });
          expect([...scores[i]!]).toEqual(slow.map(score => expect.closeTo(score, 5)));
        }
        const all = keepTop(Float32Array.from(scores.flatMap(each => [...each])), sum(lamp(layers, sparsity)));
        expect(countOnes(all.subarray(0, a.length))).toBe(lamp(layers, sparsity).get('a'));
      }),
    );
  });

  it('equals the worked example: scales of layers do not matter', () => {
    // large: 80²/(80²+90²+100²) = .261, 90²/(90²+100²) = .448, 1. small: .01²/(.01²+.1²) = .0099, 1.
    // round(5 · 0.6) = 3 of {1, 1, .448, .261, .0099}: large 2, small 1.
    expect([...lamp([scored('large', 100, 90, 80), scored('small', 0.1, 0.01)], 0.4)]).toEqual([
      ['large', 2],
      ['small', 1],
    ]);
  });

  it('magnitude M8: leaves every layer its largest entry while there are enough to keep', () => {
    fc.assert(
      fc.property(layerSets, sparsities, (layers, sparsity) => {
        const total = keptCount(
          layers.reduce((n, { size }) => n + size, 0),
          sparsity,
        );
        fc.pre(total >= layers.length);
        for (const count of lamp(layers, sparsity).values()) expect(count).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('never divides by zero or infinity', () => {
    expect([...lampScores(Float32Array.of(0, 0))]).toEqual([0, 1]);
    expect([...lampScores(Float32Array.of(1, Infinity, Infinity))]).toEqual([0, 1, 1]);
    expect([...lampScores(Float32Array.of(-Infinity, -1))]).toEqual([-1, -1]);
  });
});

describe('uniformPlus', () => {
  it('leaves the first convolution dense and the last layer at 20 %', () => {
    // 36 + 400 + 100 = 536 entries, round(536 · 0.2) = 107 kept: first 36. (107 − 36)/500 = .142 < .2, so last keeps
    // 20; the middle gets the rest, 107 − 36 − 20 = 51.
    const layers = [shaped('first', 3, 3, 1, 4), shaped('middle', 40, 10), shaped('last', 10, 10)];
    expect([...uniformPlus(layers, 0.8)].sort()).toEqual([
      ['first', 36],
      ['last', 20],
      ['middle', 51],
    ]);
  });

  it('lets the last layer share the density where that is above 20 %', () => {
    // round(536 · 0.5) = 268: (268 − 36)/500 = .464: middle 185.6 → 186 (largest remainder), last 46.4 → 46.
    const layers = [shaped('first', 3, 3, 1, 4), shaped('middle', 40, 10), shaped('last', 10, 10)];
    expect([...uniformPlus(layers, 0.5)].sort()).toEqual([
      ['first', 36],
      ['last', 46],
      ['middle', 186],
    ]);
  });

  it('refuses a sparsity that its exceptions make impossible', () => {
    const layers = [shaped('first', 3, 3, 1, 4), shaped('middle', 40, 10), shaped('last', 10, 10)];
    expect(() => uniformPlus(layers, 0.92)).toThrow(InfeasibleDistributionError);
  });
});

describe('names', () => {
  it('are those that reports show, and only rules make a distribution partial', () => {
    const all: Distribution[] = [
      uniform,
      uniformPlus,
      global,
      lamp,
      erdosRenyi,
      erdosRenyiKernel,
      withRules(uniform, {}),
    ];
    expect(all.map(({ name }) => name)).toEqual([
      'uniform',
      'uniformPlus',
      'global',
      'lamp',
      'erdosRenyi',
      'erdosRenyiKernel',
      'withRules(uniform)',
    ]);
    expect(all.map(({ partial }) => partial ?? false)).toEqual([false, false, false, false, false, false, true]);
  });
});
