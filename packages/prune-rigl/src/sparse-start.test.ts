import { countOnes, EspalierError, erdosRenyiKernel, withRules } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shaped } from '../test/views.js';
import { rigl, set, staticSparse } from './index.js';

const cadence = { start: 2, end: 13, every: 4 };
const lenet = [shaped('fc1', 784, 300), shaped('fc2', 300, 100), shaped('fc3', 100, 10)];
const creators = {
  rigl: (sparsity: number) => rigl({ sparsity, cadence }),
  set: (sparsity: number) => set({ sparsity, cadence }),
  staticSparse: (sparsity: number) => staticSparse({ sparsity }),
};

describe.each(Object.entries(creators))('%s', (_, create) => {
  it('rigl R10: starts with the counts of ERK', () => {
    // Raw densities 1084/235200, 400/30000 and 110/1000. Budget 23520 + 3000 + 100, ε = 26620/1594 makes fc3 dense;
    // then ε = (23520 + 3000 − 900)/1484 = 17.264 and the shares are 18714.3, 6905.7 and 1000.
    const { masks } = create(0.9).start(viewAt(0, ...lenet));
    expect([...(masks?.values() ?? [])].map(countOnes)).toEqual([18714, 6906, 1000]);
  });

  it('starts at random places that depend on the seed and the layer alone', () => {
    const places = (...layers: typeof lenet): unknown =>
      create(0.5)
        .start(viewAt(0, ...layers))
        .masks?.get('a');
    const [a, b] = [shaped('a', 20, 20), shaped('b', 20, 20)];
    expect(places(a, b)).toEqual(places(b, a));
    expect(places(a, b)).not.toEqual(
      create(0.5)
        .start(viewAt(0, a, b))
        .masks?.get('b'),
    );
  });

  it('spreads the active entries evenly over a layer', () => {
    // 2000 of 4000 stay; each quarter of the layer has 500 ± 5 standard deviations (hypergeometric: 19.4).
    const mask =
      create(0.5)
        .start(viewAt(0, shaped('w', 40, 100)))
        .masks?.get('w') ?? new Uint8Array();
    for (let quarter = 0; quarter < 4; quarter++) {
      expect(Math.abs(countOnes(mask.subarray(quarter * 1000, quarter * 1000 + 1000)) - 500)).toBeLessThan(97);
    }
  });

  it('starts from given masks: keeps of them what it may, and adds what is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1), { minLength: 10, maxLength: 10 }), given => {
        const { masks } = create(0.5).start(viewAt(0, layer('w', given, { mask: given, shape: [2, 5] })));
        const mask = masks?.get('w') ?? new Uint8Array();
        const active = given.filter(Boolean).length;
        expect(countOnes(mask)).toBe(5);
        expect(mask.filter((bit, i) => bit && given[i]).length).toBe(Math.min(5, active));
      }),
    );
  });

  it('promises its sparsity from the start, unless layers have rules of their own', () => {
    expect(create(0.9).target).toEqual({ sparsity: 0.9, position: 0 });
  });

  it.each([1, -0.1, Number.NaN])('refuses sparsity %d', sparsity => {
    expect(() => create(sparsity)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});

it('no method promises a sparsity if the distribution is partial', () => {
  const distribution = withRules(erdosRenyiKernel, { dense: ['fc3'] });
  expect(rigl({ sparsity: 0.9, cadence, distribution }).target).toBeUndefined();
  expect(set({ sparsity: 0.9, cadence, distribution }).target).toBeUndefined();
  expect(staticSparse({ sparsity: 0.9, distribution }).target).toBeUndefined();
});
