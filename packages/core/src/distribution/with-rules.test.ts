import { describe, expect, it } from 'vitest';
import { scored, shaped } from '../../test/scored-layers.js';
import { InvalidOptionError, UnknownLayerError } from '../errors/index.js';
import { distributionFromData, global, uniform, withRules } from './index.js';

describe('withRules', () => {
  const layers = [shaped('conv', 3, 3, 1, 4), shaped('middle', 40, 10), shaped('fc', 10, 10)];

  it('applies dense, fixed and following sparsities, and the base to the others', () => {
    const rules = { dense: ['conv'], sparsity: { fc: (overall: number) => Math.min(overall, 0.8) } };
    expect([...withRules(uniform, rules)(layers, 0.9)]).toEqual([
      ['conv', 36],
      ['middle', 40],
      ['fc', 20],
    ]);
    expect([...withRules(uniform, rules)(layers, 0.5)]).toEqual([
      ['conv', 36],
      ['middle', 200],
      ['fc', 50],
    ]);
  });

  it('keeps a minimum in every layer', () => {
    const small = [scored('a', 5, 4, 3), scored('b', 1, 1, 1)];
    expect([...global(small, 0.5)]).toEqual([
      ['a', 3],
      ['b', 0],
    ]);
    expect([...withRules(global, { atLeast: 2 })(small, 0.5)]).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
  });

  it('refuses unknown layers, doubled rules and impossible sparsities', () => {
    expect(() => withRules(uniform, { dense: ['cnov'] })(layers, 0.5)).toThrow(UnknownLayerError);
    expect(() => withRules(uniform, { dense: ['fc'], sparsity: { fc: 0.5 } })).toThrow(InvalidOptionError);
    expect(() => withRules(uniform, { sparsity: { fc: 1 } })).toThrow(InvalidOptionError);
  });

  it('takes patterns between slashes: a name of its own first, then the first pattern that matches', () => {
    const rules = { dense: ['/^conv$/'], sparsity: { '/c/': 0.75, '/d/': () => 0.25, fc: 0.5 } };
    // conv and fc match /c/ as well: conv is dense by the pattern before it, fc keeps half by its name
    expect([...withRules(uniform, rules)(layers, 0.9)]).toEqual([
      ['conv', 36],
      ['middle', 300],
      ['fc', 50],
    ]);
    expect(() => withRules(uniform, { dense: ['/cnov/'] })(layers, 0.5)).toThrow(UnknownLayerError);
    expect(() => withRules(uniform, { sparsity: { '/(/': 0.5 } })).toThrow(InvalidOptionError);
  });

  it('is read of data, in which a sparsity follows the overall one', () => {
    const sparsity = { conv: { times: 0.5, plus: 0.25 }, '/mid/': { atMost: 0.5 }, fc: 0.2 };
    const distribution = distributionFromData({ base: 'uniform', sparsity });
    // 0.5 * 0.5 + 0.25 = 0.5 of 36; min(0.9, 0.5) of 400; 0.2 of 100
    expect([...distribution(layers, 0.5)]).toEqual([
      ['conv', 18],
      ['middle', 200],
      ['fc', 80],
    ]);
    // 0.5 * 0.9 + 0.25 = 0.7: 10.8 stay, rounded
    expect(distribution(layers, 0.9).get('conv')).toBe(11);
    expect(distributionFromData({ base: 'global', sparsity: { conv: { times: 9 } } })(layers, 0.9).get('conv')).toBe(1);
    for (const wrong of [{ times: -1 }, { plus: 1 }, { atMost: 1 }, { most: 0.5 }, 1, [], null]) {
      expect(() => distributionFromData({ base: 'uniform', sparsity: { conv: wrong } })).toThrow();
    }
  });
});
