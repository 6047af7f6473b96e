import { describe, expect, it } from 'vitest';
import { scored, shaped } from '../../test/scored-layers.js';
import { InvalidOptionError, UnknownLayerError } from '../errors/index.js';
import { global, uniform, withRules } from './index.js';

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
});
