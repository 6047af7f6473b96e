import { countOnes, EspalierError, global, uniform, withRules } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { shaped } from '../test/views.js';
import { type GraNetOptions, granet } from './index.js';

const usual: GraNetOptions = { sparsity: 0.8, cadence: { start: 0, end: 12, every: 4 }, trainingSteps: 21 };

describe('the options of granet', () => {
  it('start with random masks of the initial distribution, or dense', () => {
    const layers = [shaped('a', 10, 10), shaped('b', 10, 10)];
    const counts = (options: Partial<GraNetOptions>): number[] =>
      [
        ...(granet({ ...usual, ...options })
          .start(viewAt(0, ...layers))
          .masks?.values() ?? []),
      ].map(countOnes);
    expect(counts({})).toEqual([50, 50]);
    expect(counts({ initialSparsity: 0 })).toEqual([]);
    expect(counts({ initialDistribution: withRules(uniform, { dense: ['b'] }) })).toEqual([50, 100]);
  });

  it('start no entry that is masked already', () => {
    const given = layer('w', [1, 1, 1, 1], { mask: [0, 1, 0, 0], shape: [2, 2] });
    expect([...(granet(usual).start(viewAt(0, given)).masks?.get('w') ?? [])]).toEqual([0, 1, 0, 0]);
  });

  it('promise the sparsity at the end of the cadence, unless layers have rules of their own', () => {
    expect(granet(usual).target).toEqual({ sparsity: 0.8, position: 12 });
    expect(granet({ ...usual, distribution: withRules(global, { dense: ['a'] }) }).target).toBeUndefined();
  });

  it('are described with their defaults as plain data', () => {
    expect(granet({ ...usual, sparsity: 0.3 }).options).toEqual({
      ...usual,
      sparsity: 0.3,
      initialSparsity: 0.3,
      regrowFraction: 0.5,
      finalRegrowFraction: 0.005,
      distribution: 'global',
      initialDistribution: 'erdosRenyiKernel',
    });
  });

  it.each([
    { sparsity: 1 },
    { trainingSteps: 12 },
    { trainingSteps: 20.5 },
    { initialSparsity: 0.9 },
    { regrowFraction: 1.5 },
    { regrowFraction: 0.1, finalRegrowFraction: 0.2 },
    { cadence: { start: -1, end: 12, every: 4 } },
  ])('are refused when impossible: %j', changes => {
    expect(() => granet({ ...usual, ...changes })).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
