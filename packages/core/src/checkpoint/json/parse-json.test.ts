import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CorruptCheckpointError } from '../../errors/index.js';
import { checkJson } from './check-json.js';
import { maximumJsonDepth, maximumJsonValues, parseJson } from './parse-json.js';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

it('reads every JSON value as JSON.parse does, "__proto__" members included', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      expect(parseJson(text, 'text')).toEqual(JSON.parse(text));
    }),
  );
  const value = parseJson('{"__proto__":{"polluted":1}}', 'text') as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

it.each([
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '[{"b":{"a":[],"x":{},"a":{}}}]',
  '{"":0,"":0}',
  '{"__proto__":1,"__proto__":2}',
])('refuses %s, which names a member twice', text => {
  expect(() => parseJson(text, 'text')).toThrow(/twice/);
});

it.each(['{"a":"a","b":["a","a"]}', '[{"a":1},{"a":2}]', '{"a":{"a":{"a":1}}}', '{"a\\"b":1,"a\\"":2}'])(
  'accepts %s, where a text appears twice but not as a name of the same object',
  text => {
    expect(parseJson(text, 'text')).toEqual(JSON.parse(text));
  },
);

it('refuses nesting one level beyond the limit, however deep it goes on', () => {
  expect(() => parseJson(nested(maximumJsonDepth), 'text')).not.toThrow();
  for (const depth of [maximumJsonDepth + 1, 1_000_000]) {
    expect(() => parseJson(nested(depth), 'text')).toThrow(CorruptCheckpointError);
  }
});

it('refuses more values than the limit, of every kind and in every place', () => {
  const half = maximumJsonValues / 2;
  expect(() => parseJson(`[${'0,'.repeat(maximumJsonValues - 2)}0]`, 'text')).not.toThrow();
  for (const text of [
    `[${'0,'.repeat(maximumJsonValues)}0]`,
    `{"a":[${'{},'.repeat(half)}0]}`,
    `[${'[],'.repeat(half)}0]`,
  ]) {
    expect(() => parseJson(text, 'text')).toThrow(/over 2000000 values/);
  }
});

it('counts the members of the outermost object only', () => {
  expect(() => parseJson('{"a":{"x":1,"y":2,"z":3},"b":0}', 'text', 2)).not.toThrow();
  expect(() => parseJson('{"a":0,"b":0,"c":0}', 'text', 2)).toThrow(/over 2 members/);
});

it('throws nothing but its own error, whatever the text', () => {
  const noise = fc
    .array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'a', '1', ' ', '\\u', 'null'))
    .map(a => a.join(''));
  fc.assert(
    fc.property(noise, text => {
      try {
        expect(parseJson(text, 'text')).toEqual(JSON.parse(text));
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptCheckpointError);
      }
    }),
    { numRuns: 1000 },
  );
});

it.each([
  ['NaN', { a: [1, Number.NaN] }, 'options.a[1]'],
  ['an infinity', Number.NEGATIVE_INFINITY, 'options'],
  ['undefined', { a: undefined }, 'options.a'],
  ['a hole', new Array(1), 'options[0]'],
  ['a typed array', { a: Float32Array.of(1) }, 'options.a'],
  ['a Map', new Map(), 'options'],
  ['a Date', new Date(0), 'options'],
  ['a bigint', 1n, 'options'],
  ['a function', { a: () => 1 }, 'options.a'],
])('checkJson refuses %s and says where it is', (_, value, where) => {
  expect(() => checkJson(value, 'options')).toThrow(`The ${where} is `);
});

it('checkJson refuses an object that contains itself', () => {
  const value: { self?: unknown } = {};
  value.self = value;
  expect(() => checkJson(value, 'options')).toThrow(CorruptCheckpointError);
});

it('checkJson accepts everything that JSON.parse returns', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      const value: unknown = JSON.parse(text);
      expect(checkJson(value, 'value')).toBe(value);
    }),
  );
});
