import { describe, expect, it } from 'vitest';
import { restoreUtilities } from './util-shim.js';

type Test = (value: unknown) => boolean;

describe('restoreUtilities', () => {
  it('adds the tests that Node 23 removed, with their old answers', () => {
    const utilities: Record<string, unknown> = {};
    restoreUtilities(utilities);
    const is = utilities as Record<string, Test>;
    // [value, the tests that said yes in Node 20]
    const table: readonly [unknown, readonly string[]][] = [
      [undefined, ['isNullOrUndefined', 'isUndefined']],
      [null, ['isNull', 'isNullOrUndefined']],
      [[], ['isArray', 'isObject']],
      [{}, ['isObject']],
      ['a', ['isString']],
      [1, ['isNumber']],
      [true, ['isBoolean']],
      [() => 0, ['isFunction']],
    ];
    for (const [value, yes] of table) {
      expect(
        Object.keys(is)
          .filter(name => is[name]!(value))
          .sort(),
      ).toEqual(yes);
    }
  });

  it('leaves alone what exists', () => {
    const isArray = (): boolean => true;
    const utilities: Record<string, unknown> = { isArray };
    expect(restoreUtilities(utilities)).not.toContain('isArray');
    expect(utilities.isArray).toBe(isArray);
  });
});
