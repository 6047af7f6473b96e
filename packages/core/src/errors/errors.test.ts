import { describe, expect, it } from 'vitest';
import { EspalierError, InvalidOptionError, NonFiniteScoreError, UnknownLayerError } from './index.js';

describe('errors', () => {
  it('are recognized across copies of the package, and nothing else is', () => {
    const error: unknown = new NonFiniteScoreError('dense/kernel', 3);
    expect(EspalierError.isInstance(error) && error.code).toBe('NON_FINITE_SCORE');
    const foreign = Object.assign(new Error('x'), { [Symbol.for('espalier.Error')]: true });
    expect(EspalierError.isInstance(foreign)).toBe(true);
    expect(EspalierError.isInstance(new Error('x'))).toBe(false);
    expect(EspalierError.isInstance(null)).toBe(false);
  });

  it('say what was wrong, where, and what would be right', () => {
    const error = new InvalidOptionError('cadence.every', 0, 'an integer ≥ 1');
    expect(error.message).toBe('Option "cadence.every" is 0, but must be an integer ≥ 1.');
    expect(new UnknownLayerError('a', ['b', 'c'], 'rules').message).toContain('Known: b, c');
  });
});
