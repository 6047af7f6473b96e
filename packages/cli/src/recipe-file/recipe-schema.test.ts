import { readFileSync } from 'node:fs';
import type { Json } from '@espalier/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pruneArguments } from '../options/prune-arguments.js';
import { shown } from '../schema/problem.js';
import { checkedRecipe } from './checked-recipe.js';
import { keyOf, notInRecipes, recipeOptionRules } from './option-rules.js';
import { parseYaml } from './parse-yaml.js';
import { presetNames } from './presets.js';
import { readRecipe } from './read-recipe.js';
import { schemaFile } from './recipe-schema.js';

const committed = readFileSync(new URL('../../schema/recipe.schema.json', import.meta.url), 'utf8');
const validate = new Ajv2020({ strict: true }).compile(JSON.parse(committed));
const presets = await Promise.all(presetNames().map(name => readRecipe(`preset:${name}`, () => {})));

function accepts(value: Json): boolean {
  try {
    checkedRecipe({ file: 'x', directory: '', value, places: new Map() });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_RECIPE' });
    return false;
  }
}

it('every option of prune has a rule here or is none of a recipe, and all rules are of options', () => {
  const options = [...Object.keys(recipeOptionRules), ...notInRecipes];
  expect(options.sort()).toEqual(Object.keys(pruneArguments).sort());
});

it('the schema that is published is what the rules give; npx -y pnpm@12 run schema writes it', () => {
  expect(committed).toBe(schemaFile());
});

it.each(presets)('accepts $file', ({ value }) => {
  expect([validate(value), accepts(value)]).toEqual([true, true]);
});

it.each([
  ['docs/guide/recipes.md', 2],
  ['packages/cli/README.md', 1],
])('accepts the examples of %s', (file, count) => {
  const markdown = readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8');
  const examples = [...markdown.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => parseYaml(file, text));
  expect(examples).toHaveLength(count);
  for (const { value } of examples) expect([validate(value), accepts(value)]).toEqual([true, true]);
});

describe('agrees with Ajv', () => {
  const values = fc.oneof(
    fc.constantFrom<Json>(
      null,
      true,
      0,
      1,
      -1,
      0.5,
      1.5,
      '',
      'rigl',
      'global',
      '2 epochs',
      '-1 epochs',
      'Infinity',
      [],
      {},
    ),
    fc.constantFrom<Json>(
      { shape: 'cosine', from: 1, start: 0, end: 5 },
      { shape: 'cosin' },
      [['a']],
      [1, 2],
      ['balanced'],
    ),
    fc.constantFrom<Json>(
      { name: 'rigl' },
      { name: 'other', options: { a: 1 } },
      { name: 'set', options: { cadence: null } },
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
  );

  /** Every place in a value, as paths. */
  function places(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
    if (typeof value !== 'object' || value === null) return [path];
    return [
      path,
      ...Object.entries(value).flatMap(([key, inner]) =>
        places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
      ),
    ];
  }

  function put(value: Json, [first, ...rest]: readonly (string | number)[], inner: Json): Json {
    if (first === undefined) return inner;
    if (Array.isArray(value)) return value.map((item, i) => (i === first ? put(item, rest, inner) : item));
    const object = (value ?? {}) as { readonly [key: string]: Json };
    return { ...object, [first]: put(object[first] ?? null, rest, inner) };
  }

  const keys = [...Object.keys(recipeOptionRules).map(keyOf), 'method', 'evry', 'cadence', 'sparsity', 'name'];

  it('about presets in which a value is another, or a name is more', () => {
    const mutations = fc.record({
      preset: fc.constantFrom(...presets.map(({ value }) => value)),
      place: fc.nat(),
      key: fc.constantFrom(...keys),
      adds: fc.boolean(),
      inner: values,
    });
    let refused = 0;
    fc.assert(
      fc.property(mutations, ({ preset, place, key, adds, inner }) => {
        const all = places(preset);
        const path = all[place % all.length] ?? [];
        const changed = put(preset, adds ? [...path.filter(part => typeof part === 'string'), key] : path, inner);
        const mine = accepts(changed);
        refused += mine ? 0 : 1;
        expect([mine, shown(JSON.stringify(changed))]).toEqual([validate(changed), shown(JSON.stringify(changed))]);
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(200);
  });
});
