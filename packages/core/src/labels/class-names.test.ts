import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../errors/option-errors.js';
import { classNamesOf, withClassNames } from './class-names.js';

describe('class names in metadata', () => {
  it('come out as they were put in, beside what was there', () => {
    const before = { seed: 1 };
    const metadata = withClassNames(before, ['crane', 'crane', 'a\u001b[2J']);
    expect(metadata).toEqual({ seed: 1, classNames: ['crane', 'crane', 'a\u001b[2J'] });
    expect(classNamesOf(metadata)).toEqual(['crane', 'crane', 'a\u001b[2J']);
    expect(before).toEqual({ seed: 1 });
  });

  it('are not there if nobody put them in', () => {
    for (const metadata of [{}, null, undefined, { classNames: null }]) expect(classNamesOf(metadata)).toBeUndefined();
    expect(classNamesOf(Object.create({ classNames: ['a'] }))).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['no array', 'cat'],
    ['nothing', []],
    ['too many', Array.from({ length: 65_537 }, () => 'a')],
    ['a number', ['a', 1]],
    ['an empty name', ['']],
    ['a name without end', ['a'.repeat(1025)]],
    ['a hole', [undefined, 'a']],
    ['an object', { 0: 'a', length: 1 }],
  ])('are refused as %s, without printing what a terminal obeys', (_, classNames) => {
    expect(() => classNamesOf({ classNames })).toThrow(InvalidOptionError);
    expect(() => withClassNames({}, classNames as string[])).toThrow(InvalidOptionError);
  });

  it('of a name that is refused, only a part is shown, escaped', () => {
    expect(() => classNamesOf({ classNames: [`\u001b[2J${'x'.repeat(2000)}`] })).toThrow(/\\u001b\[2Jx+…/);
  });
});
