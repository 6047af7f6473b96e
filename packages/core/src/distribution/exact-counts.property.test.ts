import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shaped } from '../../test/scored-layers.js';
import { InfeasibleDistributionError, InvalidOptionError } from '../errors/index.js';
import { type Criterion, countOnes, keptCount } from '../mask/index.js';
import { selectMasks } from '../selection/select-masks.js';
import {
  type Distribution,
  erdosRenyi,
  erdosRenyiKernel,
  erdosRenyiOf,
  global,
  lamp,
  proportional,
  type ScoredLayer,
  solveErdosRenyi,
  uniform,
  uniformPlus,
  withRules,
} from './index.js';

const sum = (kept: ReadonlyMap<string, number>): number => [...kept.values()].reduce((a, b) => a + b, 0);
const sizeOf = (layers: readonly ScoredLayer[]): number => layers.reduce((n, { size }) => n + size, 0);

const shapes = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 });
/** Layers of any shape, also empty ones, whose scores may be equal. */
const layerSets = fc.array(fc.tuple(shapes, fc.infiniteStream(fc.integer({ min: 0, max: 9 }))), { maxLength: 6 }).map(
  all =>
    all.map(([shape, stream], i) => {
      const layer = shaped(`l${i}`, ...shape);
      return { ...layer, scores: Float32Array.from({ length: layer.size }, () => stream.next().value) };
    }) satisfies ScoredLayer[],
);
const fractions = fc.double({ min: 0, max: 1, noNaN: true });
const sparsities = fc.double({ min: 0, max: 0.99, noNaN: true });

/** A distribution of somebody else's. */
const bySquareRoot: Distribution = (layers, amount) => proportional(layers, amount, ({ size }) => Math.sqrt(size));

const distributions: Readonly<Record<string, Distribution>> = {
  uniform,
  global,
  lamp,
  erdosRenyi,
  erdosRenyiKernel,
  bySquareRoot,
  'ERK to the power 0.5': erdosRenyiOf({ kernel: true, power: 0.5 }),
  'ER to the power 2': erdosRenyiOf({ kernel: false, power: 2 }),
};

describe('an exact count', () => {
  it.each(Object.entries(distributions))('is met by %s, and no layer keeps more than it has', (_, distribution) => {
    fc.assert(
      fc.property(layerSets, fractions, (layers, fraction) => {
        const total = sizeOf(layers);
        const kept = Math.max(Math.min(1, total), Math.round(fraction * total));
        const counts = distribution(layers, { kept });
        expect(sum(counts)).toBe(kept);
        for (const { name, size } of layers) {
          expect(Number.isInteger(counts.get(name))).toBe(true);
          expect(counts.get(name)).toBeGreaterThanOrEqual(0);
          expect(counts.get(name)).toBeLessThanOrEqual(size);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is met by uniformPlus, or refused because of its exceptions', () => {
    let met = 0;
    fc.assert(
      fc.property(layerSets, fractions, (layers, fraction) => {
        const total = sizeOf(layers);
        const kept = Math.max(Math.min(1, total), Math.round(fraction * total));
        try {
          const counts = uniformPlus(layers, { kept });
          expect(sum(counts)).toBe(kept);
          for (const { name, size } of layers) expect(counts.get(name)).toBeLessThanOrEqual(size);
          met++;
        } catch (error) {
          expect(error).toBeInstanceOf(InfeasibleDistributionError);
        }
      }),
      { numRuns: 300 },
    );
    expect(met).toBeGreaterThan(30);
  });

  it('is met by rules as long as they leave the other layers a count that these can keep', () => {
    const rules = fc.record({ dense: fc.boolean(), own: sparsities, atLeast: fc.nat(3) });
    let met = 0;
    fc.assert(
      fc.property(layerSets, fractions, rules, fc.constantFrom(...Object.values(distributions)), (...given) => {
        const [layers, fraction, { dense, own, atLeast }, base] = given;
        fc.pre(layers.length > 1);
        const total = sizeOf(layers);
        const kept = Math.max(Math.min(1, total), Math.round(fraction * total));
        const chosen = { dense: dense ? ['l0'] : [], sparsity: { l1: own }, atLeast };
        const fixed = layers.map(({ name, size }) => {
          if (name === 'l0' && dense) return size;
          return name === 'l1' ? Math.max(keptCount(size, own), Math.min(atLeast, size)) : 0;
        });
        const others = layers.filter(({ name }) => name !== 'l1' && !(name === 'l0' && dense));
        const rest = kept - fixed.reduce((a, b) => a + b, 0);
        const fewest = Math.max(
          Math.min(1, sizeOf(others)),
          others.reduce((n, { size }) => n + Math.min(atLeast, size), 0),
        );
        if (rest < fewest || rest > sizeOf(others)) {
          expect(() => withRules(base, chosen)(layers, { kept })).toThrow(InfeasibleDistributionError);
          return;
        }
        const counts = withRules(base, chosen)(layers, { kept });
        expect(sum(counts)).toBe(kept);
        for (const [i, { name, size }] of layers.entries()) {
          expect(counts.get(name)).toBeLessThanOrEqual(size);
          expect(counts.get(name)).toBeGreaterThanOrEqual(Math.max(fixed[i]!, Math.min(atLeast, size)));
        }
        met++;
      }),
      { numRuns: 500 },
    );
    expect(met).toBeGreaterThan(50);
  });

  it.each([
    ['global', global],
    ['lamp', lamp],
    ['bySquareRoot', bySquareRoot],
    ['uniformPlus', uniformPlus],
  ] as const)('that a sparsity gives makes the counts of that sparsity under %s', (_, distribution) => {
    fc.assert(
      fc.property(layerSets, sparsities, (layers, sparsity) => {
        let counts: ReadonlyMap<string, number>;
        try {
          counts = distribution(layers, sparsity);
        } catch {
          return;
        }
        expect(distribution(layers, { kept: sum(counts) })).toEqual(counts);
      }),
      { numRuns: 300 },
    );
  });

  it('that a sparsity gives makes the counts of that sparsity under ER and ERK, wherever both leave the same layers dense', () => {
    let same = 0;
    fc.assert(
      fc.property(layerSets, sparsities, fc.boolean(), (layers, sparsity, kernel) => {
        fc.pre(sizeOf(layers) > 0);
        const distribution = erdosRenyiOf({ kernel });
        const counts = distribution(layers, sparsity);
        const filled = layers.filter(({ size }) => size > 0);
        const ofSparsity = solveErdosRenyi(filled, sparsity, { kernel }).dense;
        const ofCount = solveErdosRenyi(filled, { kept: sum(counts) }, { kernel }).dense;
        fc.pre([...ofSparsity].join() === [...ofCount].join());
        expect(distribution(layers, { kept: sum(counts) })).toEqual(counts);
        same++;
      }),
      { numRuns: 300 },
    );
    expect(same).toBeGreaterThan(50);
  });

  it('gives each layer of uniform its share rounded down or up, where no layer would keep nothing', () => {
    fc.assert(
      fc.property(layerSets, fractions, (layers, fraction) => {
        const total = sizeOf(layers);
        const kept = Math.max(Math.min(1, total), Math.round(fraction * total));
        const shares = layers.map(({ size }) => (total === 0 ? 0 : (size * kept) / total));
        fc.pre(layers.every(({ size }, i) => size === 0 || shares[i]! >= 1));
        const counts = uniform(layers, { kept });
        for (const [i, { name }] of layers.entries()) expect(Math.abs(counts.get(name)! - shares[i]!)).toBeLessThan(1);
      }),
    );
  });
});

describe('examples of exact counts', () => {
  const layers = [shaped('conv', 3, 3, 1, 4), shaped('middle', 40, 10), shaped('fc', 10, 10)];

  it('uniform: 54 of 536 entries are 3.63, 40.30 and 10.07, and the largest remainder is rounded up', () => {
    expect([...uniform(layers, { kept: 54 })]).toEqual([
      ['conv', 4],
      ['middle', 40],
      ['fc', 10],
    ]);
  });

  it('withRules: a dense layer and a half are taken out, the other gets what is left', () => {
    // 36 dense, 50 of 100 at 0.5; 107 − 86 = 21 are left for the middle.
    const distribution = withRules(uniform, { dense: ['conv'], sparsity: { fc: 0.5 } });
    expect([...distribution(layers, { kept: 107 })]).toEqual([
      ['conv', 36],
      ['middle', 21],
      ['fc', 50],
    ]);
    expect(() => distribution(layers, { kept: 86 })).toThrow(/leave 0 entries .* can keep 1 to 400/);
  });

  it('withRules: a function is given the sparsity that the count means', () => {
    // 134 of 536 are a quarter, so fc is to have sparsity 0.75: 25 stay.
    const given: number[] = [];
    const rule = (overall: number): number => {
      given.push(overall);
      return overall;
    };
    expect(withRules(uniform, { sparsity: { fc: rule } })(layers, { kept: 134 }).get('fc')).toBe(25);
    expect(given).toEqual([0.75]);
  });

  it('withRules: what a minimum adds is taken from the layers above it', () => {
    // global keeps the 3 entries of a and none of b; with 2 of b, one of a is left of exactly 3.
    const small = [
      { ...shaped('a', 3), scores: Float32Array.of(5, 4, 3) },
      { ...shaped('b', 3), scores: Float32Array.of(1, 1, 1) },
    ];
    expect([...withRules(global, { atLeast: 1 })(small, { kept: 3 })]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('ERK: keeps less than one entry a layer only where the count asks for it', () => {
    expect(sum(erdosRenyiKernel(layers, 0.999))).toBe(3); // round(0.5) = 1, but no layer is emptied by a sparsity
    expect(sum(erdosRenyiKernel(layers, { kept: 2 }))).toBe(2);
  });

  it.each([0, -1, 537, 1.5, Number.NaN, Infinity, '3', undefined])('refuses to keep %s of 536 entries', kept => {
    const all = [...Object.values(distributions), uniformPlus, withRules(uniform, { dense: ['fc'] })];
    for (const distribution of all) {
      expect(() => distribution(layers, { kept } as never)).toThrow(InvalidOptionError);
    }
    expect(() => solveErdosRenyi(layers, { kept } as never, { kernel: true })).toThrow(InvalidOptionError);
  });

  it.each([0, -1, Number.NaN, Infinity, '1', undefined])('proportional refuses %s as the number of a layer', weight => {
    expect(() => proportional(layers, 0.5, () => weight as never)).toThrow(InvalidOptionError);
  });
});

describe('selectMasks with an exact count', () => {
  const views = [shaped('a', 5), shaped('b', 8)].map(({ scores, ...layer }, i) => ({
    ...layer,
    weights: Float32Array.from(scores, (_, k) => k + i),
    mask: new Uint8Array(layer.size).fill(1),
  }));
  const magnitude: Criterion = ({ weights }) => weights.map(Math.abs);

  it('gives masks with exactly that many ones', () => {
    for (let kept = 1; kept <= 13; kept++) {
      for (const distribution of Object.values(distributions)) {
        const masks = selectMasks(views, magnitude, { kept }, distribution);
        expect([...masks.values()].reduce((ones, mask) => ones + countOnes(mask), 0)).toBe(kept);
      }
    }
  });

  it('refuses a distribution that knows sparsities alone', () => {
    const half: Distribution = layers => new Map(layers.map(({ name, size }) => [name, Math.floor(size / 2)]));
    expect(() => selectMasks(views, magnitude, { kept: 7 }, half)).toThrow(InfeasibleDistributionError);
    expect(() => selectMasks(views, magnitude, { kept: 7 }, half)).toThrow(/"half" .* keeps 6 entries where exactly 7/);
    expect(selectMasks(views, magnitude, { kept: 6 }, half).size).toBe(2);
  });

  it.each([0, 14, 2.5, undefined])('refuses to keep %s of 13 entries', kept => {
    expect(() => selectMasks(views, magnitude, { kept } as never, global)).toThrow(InvalidOptionError);
  });

  it.each([90, '0.5', null, { keep: 3 }])('refuses the amount %j', amount => {
    expect(() => selectMasks(views, magnitude, amount as never, global)).toThrow(/ption "amount/);
  });
});
