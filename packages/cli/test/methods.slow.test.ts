import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { countOnes } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import { expect, it } from 'vitest';
import { methodNames } from '../src/method/registry.js';
import { programForTests } from './program.js';
import { sparsityOf } from './sparsity-of.js';

const { json, bytes, path } = programForTests();
const few = ['--batch-size', '8', '--steps', '36', '--checkpoint-every', '9', '--evaluate-every', '1000'];
const run = ['--dataset', 'digits', '--backend', 'wasm', '--seed', '5', ...few];

/** What a method needs besides the sparsity, and the sparsity that comes of it if that is another. */
const particular: Readonly<Record<string, { readonly args?: readonly string[]; readonly reaches?: number }>> = {
  fixed: { reaches: 0 },
  'lottery-ticket-transfer': { args: ['--option', 'except=[]'] },
  'p-gap': { reaches: 0.764 },
  woodfisher: { args: ['--option', 'samples=8', '--option', 'blockSize=4'] },
  'woodfisher-one-shot': { args: ['--option', 'samples=8', '--option', 'blockSize=4'] },
};

it.each(methodNames)(
  'prunes digits by %s, with zeros in the file, and resumes to the same file',
  { timeout: 120_000 },
  async name => {
    const { args = [], reaches = 0.8 } = particular[name] ?? {};
    const sparsity = name === 'fixed' ? [] : ['--sparsity', '0.8'];
    const result = await json(['prune', ...run, '--method', name, ...sparsity, ...args, '--out', name]);
    expect(result).toMatchObject({ reason: 'finished', recipe: { method: name } });
    expect(await sparsityOf(path(name, 'model.safetensors'))).toBeCloseTo(reaches, 2);

    const [first = ''] = (await readdir(path(name, 'checkpoints'))).sort();
    await mkdir(path(`${name}-again`, 'checkpoints'), { recursive: true });
    await copyFile(path(name, 'checkpoints', first), path(`${name}-again`, 'checkpoints', first));
    const again = await json(['prune', '--resume', '--backend', 'wasm', '--out', `${name}-again`]);
    expect((result.clock as { step: number }).step).toBeGreaterThan(Number(/\d+/.exec(first)?.[0]));
    expect(again).toMatchObject({ clock: result.clock as object, recipe: result.recipe as object });
    expect(await bytes(`${name}-again`, 'model.safetensors')).toBe(await bytes(name, 'model.safetensors'));
  },
);

it('prunes to 2 of 4 by AC/DC', { timeout: 60_000 }, async () => {
  const args = ['--method', 'acdc', '--option', 'structure=2:4', '--model', 'lenet300'];
  const result = await json(['prune', ...run, ...args, '--out', 'pattern']);
  expect(result).toMatchObject({ recipe: { options: { sparsity: 0.5, structure: '2:4' } } });
  const { masks } = await readCheckpoint(path('pattern', 'model.safetensors'));
  for (const mask of masks.values()) expect(countOnes(mask) / mask.length).toBe(0.5);
});

it.each(['magnitude', 'one-shot'])(
  'goes on with a run of %s that a former version began',
  { timeout: 60_000 },
  async name => {
    const fixture = fileURLToPath(new URL(`fixtures/former-${name}.safetensors`, import.meta.url));
    await mkdir(path(`former-${name}`, 'checkpoints'), { recursive: true });
    await copyFile(fixture, path(`former-${name}`, 'checkpoints', 'checkpoint-0000000010.safetensors'));
    const result = await json([
      'prune',
      '--resume',
      '--sparsity',
      '0.9',
      '--backend',
      'wasm',
      '--out',
      `former-${name}`,
    ]);
    expect(result).toMatchObject({
      reason: 'finished',
      clock: { step: 20 },
      recipe: { options: { distribution: 'uniform' } },
    });
    expect(await sparsityOf(path(`former-${name}`, 'model.safetensors'))).toBeCloseTo(0.9, 3);
  },
);
