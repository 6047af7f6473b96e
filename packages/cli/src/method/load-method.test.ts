import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadMethod } from './load-method.js';

const method = `{ specification: 'v1', name: 'own', citation: 'none', options: {}, start: () => ({ state: null }), plan: () => ({}), decide: () => ({ state: null }) }`;
const definition = `{ name: 'own', summary: 'own', source: 'none', rules: { sparsity: () => {} }, notes: { sparsity: { summary: 's' } }, defaults: () => ({}), create: () => (${method}) }`;
const files: Readonly<Record<string, string>> = {
  'definitions.mjs': `export const definitions = [${definition}];`,
  'two.mjs': `export const definitions = [${definition}, { ...${definition}, name: 'other' }];`,
  'empty.mjs': 'export const definitions = [];',
  'text.mjs': "export const definitions = 'all';",
  'wrong.mjs': `export const definitions = [{ ...${definition}, create: 5 }];`,
  'creator.mjs': `export const own = options => (${method});`,
  'object.mjs': `export default ${method};`,
  'typed.ts': `const own = (options: { readonly sparsity: number }) => (${method});\nexport { own };`,
  'several.mjs': `export const a = () => (${method}); export const b = () => (${method});`,
  'nothing.mjs': 'export const answer = 42;',
  'throws.mjs': "throw new Error('no luck');",
  'thrower.mjs': "export const own = () => { throw new TypeError('no luck'); };",
};
const run = { steps: 10, stepsPerEpoch: 5, sparsity: 0.9, trained: false, rateOver: () => 0.1 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-methods-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await mkdir(join(folder, 'taken.mjs'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  'definitions.mjs',
  'two.mjs#own',
  'creator.mjs',
  'creator.mjs#own',
  'object.mjs',
  'typed.ts',
  'several.mjs#b',
])('finds the method in %s', async name => {
  const known = await loadMethod(join(folder, name));
  expect(known.define(run, known.complete(run, { sparsity: 0.5 })).method).toMatchObject({ name: 'own' });
});

it.each([
  ['two.mjs', 'It has 2 methods: own, other. Name one of them, as in'],
  ['two.mjs#third', 'no method third'],
  ['empty.mjs', 'Its export definitions is no array of definitions'],
  ['text.mjs', 'Its export definitions is no array of definitions'],
  ['wrong.mjs', 'definitions[0].create'],
  ['several.mjs', 'It exports a, b. Name one of them'],
  ['nothing.mjs', 'It exports no method'],
  ['throws.mjs', 'cannot be loaded: no luck'],
  ['absent.mjs', 'There is no such file'],
  ['taken.mjs', 'That is no file'],
])('says with a code what is wrong with %s', async (name, message) => {
  await expect(loadMethod(join(folder, name))).rejects.toThrow(
    expect.objectContaining({ code: 'METHOD_UNUSABLE', message: expect.stringContaining(message) }),
  );
});

it('gives errors of a creator a code', async () => {
  const { define } = await loadMethod(join(folder, 'thrower.mjs'));
  expect(() => define(run, {})).toThrow(expect.objectContaining({ code: 'METHOD_UNUSABLE' }));
});

it('finds packages by their names, and says which method is near if there is none', async () => {
  expect((await loadMethod('@espalier/prune-rigl#granet')).definition?.name).toBe('granet');
  await expect(loadMethod('@espalier/prune-rigl')).rejects.toThrow('It has 4 methods: rigl, set, static, granet');
  await expect(loadMethod('rgil')).rejects.toThrow('Did you mean rigl?');
  await expect(loadMethod('../../etc')).rejects.toThrow(expect.objectContaining({ code: 'METHOD_UNUSABLE' }));
});
