import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { presetNames } from '../src/recipe-file/presets.js';
import { programForTests, quick } from './program.js';
import { sparsityOf } from './sparsity-of.js';

const { json, espalier, bytes, path } = programForTests();
const few = ['--batch-size', '8', '--steps', '36', '--evaluate-every', '1000', '--backend', 'wasm'];

/** What makes a preset quick enough. */
const particular: Readonly<Record<string, readonly string[]>> = {
  'woodfisher-laptop': ['--option', 'samples=8', '--option', 'blockSize=4'],
};

it.each(presetNames().filter(name => name.endsWith('-laptop')))(
  'follows %s for a few steps, with zeros in the file',
  { timeout: 120_000 },
  async name => {
    const args = ['--recipe', `preset:${name}`, ...few, ...(particular[name] ?? []), '--out', name];
    expect(await json(['prune', ...args])).toMatchObject({
      reason: 'finished',
      recipe: { dataset: 'digits', steps: 36 },
    });
    expect(await sparsityOf(path(name, 'model.safetensors'))).toBeCloseTo(0.9, 2);
  },
);

describe('a recipe of a file', () => {
  it('gives the same run as the same options, is stored whole, and is gone on with', { timeout: 120_000 }, async () => {
    const yaml = [
      'dataset: synthetic',
      'model: lenet300',
      'batchSize: 16',
      'backend: wasm',
      'seed: 3',
      'steps: 24',
      'checkpointEvery: 6',
      'method: { name: magnitude, options: { sparsity: 0.8, cadence: { start: 2, end: 20, every: 3 } } }',
    ];
    await writeFile(path('recipe.yaml'), yaml.join('\n'));
    const options = [
      '--method',
      'magnitude',
      '--steps',
      '24',
      '--sparsity',
      '0.8',
      '--start',
      '2',
      '--end',
      '20',
      '--every',
      '3',
    ];
    const one = await json(['prune', '--recipe', 'recipe.yaml', '--out', 'by-recipe']);
    const other = await json(['prune', ...quick, ...options, '--checkpoint-every', '6', '--out', 'by-options']);
    expect(one.recipe).toEqual(other.recipe);
    expect(await bytes('by-recipe', 'model.safetensors')).toBe(await bytes('by-options', 'model.safetensors'));

    const stopped = await espalier(
      ['prune', '--recipe', 'recipe.yaml', '--steps', '3000', '--out', 'stopped'],
      '3000 steps',
    );
    expect([0, 130]).toContain(stopped.exitCode);
    const again = await espalier(['prune', '--resume', '--recipe', 'recipe.yaml', '--out', 'by-recipe', '--json']);
    expect(again.stderr).not.toContain('was started with');
    const wrong = await espalier(['prune', '--resume', '--recipe', 'recipe.yaml', '--seed', '4', '--out', 'by-recipe']);
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('was started with seed 3, not 4') });
  });

  it('is refused with a line for each problem, before data and weights are looked for', async () => {
    await writeFile(
      path('bad.yaml'),
      'data: nowhere\nfrom: nothing.safetensors\nmethod: { name: set, options: { evry: 1 } }\nsead: 3\n',
    );
    const { exitCode, stderr } = await espalier(['prune', '--recipe', 'bad.yaml', '--out', 'bad']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: [
        'INVALID_RECIPE: bad.yaml:3:33: There is no option "evry" in method.options. Known: sparsity, distribution, cadence, dropFraction, anneal.',
        'bad.yaml:4:1: There is no option "sead". Did you mean seed?',
        '',
      ].join('\n'),
    });
    const early = await espalier(['prune', '--from', 'nothing.safetensors', '--option', 'cadence.evry=3']);
    expect(early).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean "cadence.every"?') });
  });

  it('that never ends loading is named, and Ctrl-C ends it', { timeout: 30_000 }, async () => {
    await writeFile(path('forever.mjs'), 'await new Promise(() => {});\nexport const recipe = {};\n');
    const { exitCode, stderr } = await espalier(['prune', '--recipe', 'forever.mjs'], 'still being loaded');
    expect(stderr).toContain('forever.mjs is still being loaded. Stop with Ctrl-C.');
    expect(exitCode).not.toBe(0);
  });
});

it('lists the presets and prints one to copy', async () => {
  const { presets } = (await json(['recipes'])) as { presets: readonly { name: string }[] };
  expect(presets.map(({ name }) => name)).toEqual(presetNames());
  const { stdout } = await espalier(['recipes', 'rigl-laptop']);
  await writeFile(path('copied.yaml'), stdout);
  const args = ['--recipe', 'copied.yaml', ...few, '--out', 'copied'];
  expect(await json(['prune', ...args])).toMatchObject({ recipe: { method: 'rigl', steps: 36 } });
  expect((await espalier(['recipes', 'rigl-lptop'])).stderr).toContain('Did you mean rigl-laptop?');
});
