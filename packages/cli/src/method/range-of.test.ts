import type { Json } from '@espalier/core';
import { expect, it } from 'vitest';
import { rangeOf } from './range-of.js';

const cases: readonly [schema: Json | undefined, words: string][] = [
  [undefined, 'anything'],
  [{}, 'anything'],
  [{ description: 'a mask for each weight' }, 'a mask for each weight'],
  [{ enum: ['global', 'uniform', null] }, 'one of global, uniform, null'],
  [{ const: 'cosine' }, '"cosine"'],
  [{ type: 'number', minimum: 0, exclusiveMaximum: 1 }, 'a number ≥ 0 and < 1'],
  [{ type: 'number', exclusiveMinimum: 0, maximum: 1 }, 'a number > 0 and ≤ 1'],
  [{ type: 'integer', minimum: 1 }, 'an integer ≥ 1'],
  [{ type: 'integer' }, 'an integer'],
  [{ type: 'boolean' }, 'true or false'],
  [{ type: 'string', pattern: '^\\d+:\\d+$' }, 'a text like ^\\d+:\\d+$'],
  [{ type: 'string', pattern: '^\\d+$', description: 'digits' }, 'digits'],
  [{ type: 'string' }, 'a text'],
  [{ type: 'array', items: { type: 'integer' } }, 'a list of: an integer'],
  [{ anyOf: [{ type: 'number' }, { const: null }, { type: 'number' }] }, 'a number or null'],
  [{ type: 'object' }, 'an object'],
  [
    { type: 'object', properties: { shape: { enum: ['cosine'] }, from: { type: 'number' }, by: { enum: [1, 2] } } },
    '{ shape: cosine, from, by }',
  ],
];

it.each(cases)('says what %j accepts', (schema, words) => {
  expect(rangeOf(schema)).toBe(words);
});
