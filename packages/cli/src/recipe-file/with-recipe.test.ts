import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataRequest } from '../data/data-request.js';
import { writtenOptions } from '../method/written-options.js';
import { imageSize } from '../options/image-size.js';
import type { ParsedOptions } from '../options/read.js';
import { followable, methodFor } from '../recipe/followable.js';
import { requestedOptions } from '../recipe/requested-options.js';
import { requireSame } from '../recipe/stored-recipe.js';
import { inRecipe } from './asked-for.js';
import { withRecipe } from './with-recipe.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'espalier-with-recipe-'));
  await mkdir(join(root, 'sub'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const perEpoch = (batchSize: number): number => Math.floor(6400 / batchSize);

/** What a command line and a recipe come to. */
async function recipeOf(yaml: string, given: object = {}, rawArgs: readonly string[] = []) {
  const file = join(root, 'sub', 'recipe.yaml');
  await writeFile(file, yaml);
  const asked = await withRecipe({ _: [], ...given, recipe: file } as unknown as ParsedOptions, () => {});
  const { recipeOptions } = asked;
  const requested = inRecipe(asked, () => ({
    ...requestedOptions(asked.given, writtenOptions(rawArgs)),
    recipeOptions,
  }));
  inRecipe(asked, () => dataRequest(asked.given));
  const method = await methodFor(asked, requested);
  return { asked, requested, method, recipe: inRecipe(asked, () => followable(requested, method, perEpoch)) };
}

const complete = async (...args: Parameters<typeof recipeOf>) => (await recipeOf(...args)).recipe;

describe('a recipe', () => {
  it('is completed like a command line, with epochs in steps', async () => {
    const yaml = [
      'epochs: 30',
      'warmUp: 1 epoch',
      'learningRate: { shape: stepwise, from: 0.1, milestones: [10 epochs, 20 epochs] }',
      'labelSmoothing: 0.1',
      'except: [conv1/kernel, "/^head/"]',
      'method: { name: magnitude, options: { sparsity: 0.8, cadence: { start: 2 epochs, end: 20 epochs, every: 50 } } }',
    ].join('\n');
    // 100 steps an epoch of 64
    expect(await complete(yaml)).toMatchObject({
      method: 'magnitude',
      steps: 3000,
      warmUp: 100,
      learningRate: { shape: 'stepwise', from: 0.1, milestones: [1000, 2000] },
      labelSmoothing: 0.1,
      except: ['conv1/kernel', '/^head/'],
      options: { sparsity: 0.8, cadence: { start: 200, end: 2000, every: 50 }, distribution: 'global' },
    });
  });

  it('gives way to the command line, option by option', async () => {
    const yaml =
      'epochs: 30\nseed: 3\nsparsity: 0.8\nmethod: { name: magnitude, options: { cadence: { start: 1 epoch, end: 20 epochs } } }\n';
    const recipe = await complete(yaml, { steps: '500', sparsity: '0.7', start: '10' }, [
      '--option',
      'cadence.end=400',
    ]);
    expect(recipe).toMatchObject({ steps: 500, seed: 3, options: { sparsity: 0.7, cadence: { start: 10, end: 400 } } });
    const other = await complete(yaml, { method: 'rigl' });
    expect(other).toMatchObject({ method: 'rigl', options: { sparsity: 0.8, cadence: { start: 0 } } });
    const spread = 'method: { name: magnitude, options: { distribution: { base: uniform, dense: [a] } } }';
    const own = await complete(spread, {}, ['--option', 'distribution={ base: lamp }']);
    expect(own.options.distribution).toEqual({ base: 'lamp' });
  });

  it('drops what the command line says in another way', async () => {
    const { requested } = await recipeOf('model: resnet20\nweights: w.safetensors\ndataset: mnist\n', {
      from: 'x.safetensors',
    });
    expect(requested).toMatchObject({ from: 'x.safetensors', dataset: 'mnist' });
    expect(requested.architecture).toBeUndefined();
    const { asked } = await recipeOf('data: photos\nsize: 32\naugment: flip\n', { dataset: 'mnist' });
    expect(Object.keys(asked.given).sort()).toEqual(['_', 'dataset', 'recipe']);
  });

  it('takes sizes of two sides', async () => {
    const { asked } = await recipeOf('data: photos\nsize: 32x48\n');
    expect(imageSize(asked.given)).toEqual([32, 48]);
  });

  it('names files from its own place on', async () => {
    const yaml =
      'data: photos\nmodel: ./net.mjs\nweights: ../w.safetensors\nout: runs/x\nregister: [a.mjs, b.mjs]\nmetric: accuracy,./m.mjs#one\nloss: mse\n';
    const { asked } = await recipeOf(yaml);
    const at = (...names: string[]) => resolve(root, 'sub', ...names);
    expect(asked.given).toMatchObject({
      data: at('photos'),
      model: at('net.mjs'),
      weights: at('../w.safetensors'),
      out: at('runs', 'x'),
      register: `${at('a.mjs')},${at('b.mjs')}`,
      metric: `accuracy,${at('m.mjs')}#one`,
      loss: 'mse',
    });
    await writeFile(join(root, 'sub', 'own.mjs'), 'export const own = ({ a }) => ({ a });\n');
    expect(await complete('method: { name: ./own.mjs, options: { a: 5 } }')).toMatchObject({
      method: at('own.mjs'),
      options: { a: 5 },
    });
    expect((await recipeOf('model: resnet20')).asked.given.model).toBe('resnet20');
  });

  it('goes on with the run that it has started, in epochs too', async () => {
    const yaml =
      'epochs: 30\nwarmUp: 1 epoch\nmethod: { name: magnitude, options: { cadence: { start: 2 epochs } } }\n';
    const { recipe, requested, method } = await recipeOf(yaml);
    requireSame(recipe, requested, method, perEpoch);
    const { requested: other } = await recipeOf(yaml.replace('2 epochs', '3 epochs'));
    expect(() => requireSame(recipe, other, method, perEpoch)).toThrow('started with cadence.start 200, not 300');
  });
});

describe('what only shows when the recipe is followed has its place, too', () => {
  it.each([
    ['dataset: digits\nmethod: rigll\n', ':2:9: method is "rigll", but must be one of: magnitude'],
    ['steps: 100\nresize: krop\n', ':2:9: resize is "krop"'],
    ['data: photos\nsize: 32x5000\n', ':2:7: size is "32x5000"'],
    ['data: photos\nsize: [32, 48]\n', ':2:7: size is a list'],
    [
      'steps: 100\nmethod: { name: magnitude, options: { cadence: { start: 60, end: 50 } } }\n',
      ':2:66: Option "cadence.end" is 50',
    ],
    [
      'epochs: 1\nmethod: { name: magnitude, options: { cadence: { start: 2 epochs, end: 50 } } }\n',
      ':2:72: Option "cadence.end" is 50',
    ],
    [
      'sparsity: 0.9\nmethod: { name: set, options: { sparsity: 0.8 } }\n',
      ':1:1: Give sparsity or method.options.sparsity, not both.',
    ],
    ['steps: 100\nepochs: 3\n', 'Give epochs or steps, not both.'],
    ['loss: crossentropi\n', ':1:7: loss is "crossentropi"'],
    ['weights: a.h5\n', ':1:10: weights needs the architecture'],
    [
      'epochs: 1\nlearningRate: { shape: stepwise, from: 1, milestones: [5, 3] }\n',
      ':2:15: learningRate is no schedule',
    ],
  ])('%j', async (yaml, message) => {
    await expect(recipeOf(yaml)).rejects.toMatchObject({
      code: 'INVALID_RECIPE',
      message: expect.stringContaining(message),
    });
  });

  it('and what the command line says is not blamed on the recipe', async () => {
    await expect(recipeOf('seed: 3\n', { seed: 'x' })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(recipeOf('seed: 3\n', {}, ['--option', 'cadence.evry=3'])).rejects.toMatchObject({
      code: 'UNKNOWN_OPTION',
    });
  });
});
