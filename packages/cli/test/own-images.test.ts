import { cpSync, rmSync } from 'node:fs';
import { EspalierError } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { runEval } from '../src/commands/eval.js';
import { runTraining } from '../src/commands/run.js';
import type { ParsedOptions } from '../src/options/read.js';
import { scratch, writeClasses, writeText } from './images.js';

/** What the tests look at of a result. */
interface Outcome {
  readonly accuracy?: number;
  readonly loss?: number;
  readonly evaluation: { readonly accuracy: number; readonly loss: number; readonly examples: number };
  readonly recipe: { readonly data: unknown };
}

const path = scratch();
const options = { backend: 'cpu', size: '8', steps: '4', 'batch-size': '4', 'warm-up': '0', model: 'lenet300' };
type Flags = Readonly<Record<string, string | boolean>>;
const parsed = (given: Flags): ParsedOptions => ({ _: [], ...given }) as unknown as ParsedOptions;
const run = async (command: 'train' | 'prune', given: Flags) =>
  (await runTraining(command, parsed(given), [])).json as Outcome;
const train = (given: Flags) => run('train', { ...options, ...given });
const evaluate = async (checkpoint: string, given: Flags = {}) =>
  (await runEval(parsed({ checkpoint, backend: 'cpu', ...given }))).json as Outcome;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (EspalierError.isInstance(error) ? error.code : String(error)),
  );

beforeAll(async () => {
  await writeClasses(path('pets'), { 'a cat': 8, Döggy: 6 });
  writeText(path('pets', 'a cat', 'Thumbs.db'), 'x');
  writeText(path('pets', 'README'), 'x');
});

describe('train --data', () => {
  let dense: Outcome;
  beforeAll(async () => {
    dense = await train({ data: path('pets'), out: path('dense'), seed: '3', resize: 'squash' });
  });

  it('keeps names, fit and split with the network, and eval needs no options', async () => {
    const { metadata } = await readCheckpoint(path('dense', 'model.safetensors'));
    expect(metadata).toMatchObject({
      classNames: ['Döggy', 'a cat'],
      images: { size: 8, rule: 'squash', interpolation: 'bilinear' },
      normalization: { name: 'imagenet' },
      recipe: { dataset: 'images', data: { path: path('pets'), count: 14, splitSeed: 3, testFraction: 0.2 } },
    });
    // 0.2 · 6 → 1 and 0.2 · 8 → 2
    expect(dense.evaluation.examples).toBe(3);
    const judged = await evaluate(path('dense'));
    expect([judged.accuracy, judged.loss]).toEqual([dense.evaluation.accuracy, dense.evaluation.loss]);
  });

  it('goes on with a run without options, bit for bit, and refuses other options', async () => {
    const whole = await train({ data: path('pets'), out: path('whole'), augment: 'flip', 'checkpoint-every': '2' });
    cpSync(path('whole'), path('again'), { recursive: true });
    rmSync(path('again', 'checkpoints', 'checkpoint-0000000004.safetensors'));
    const resume = { backend: 'cpu', out: path('again'), resume: true };
    expect(await codeOf(run('train', { ...resume, size: '9' }))).toBe('USAGE');
    const again = await run('train', resume);
    expect(again.evaluation).toEqual(whole.evaluation);
    const [first, second] = await Promise.all(
      ['whole', 'again'].map(name => readCheckpoint(path(name, 'model.safetensors'))),
    );
    expect(second?.weights).toEqual(first?.weights);
    expect(second?.metadata.classNames).toEqual(['Döggy', 'a cat']);
  });

  it('prunes a network with the split of its training, whatever the seed is', async () => {
    const { from: _, model, ...rest } = { ...options, from: '' };
    const given = { ...rest, from: path('dense'), out: path('pruned'), seed: '9', sparsity: '0.5' };
    const pruned = await run('prune', given);
    expect(pruned.recipe).toMatchObject({ seed: 9, data: { splitSeed: 3, fit: { rule: 'squash', size: 8 } } });
    const { metadata } = await readCheckpoint(path('pruned', 'model.safetensors'));
    expect(metadata.classNames).toEqual(['Döggy', 'a cat']);
  });

  it('refuses to go on or to be judged when images were added, and judges all of others that are named', async () => {
    await writeClasses(path('more'), { 'a cat': 3, Döggy: 2 });
    expect(await evaluate(path('dense'), { data: path('more') })).toMatchObject({ examples: 5 });
    cpSync(path('pets'), path('changed'), { recursive: true });
    await train({ data: path('changed'), out: path('run') });
    cpSync(path('pets', 'a cat', '0.png'), path('changed', 'a cat', 'new.png'));
    expect(await codeOf(evaluate(path('run')))).toBe('DATA_CHANGED');
    expect(await codeOf(run('train', { backend: 'cpu', out: path('run'), resume: true }))).toBe('DATA_CHANGED');
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await evaluate(path('run'), { data: path('changed') })).toMatchObject({ examples: 15 });
    expect(said.mock.calls.join('')).toMatch(/changed has other images than when the network was trained/);
    said.mockRestore();
    // the same images elsewhere, and nothing where they were
    rmSync(path('changed'), { recursive: true });
    await expect(run('train', { backend: 'cpu', out: path('run'), resume: true })).rejects.toThrow(
      /changed: the images that the run was started with are not there any more.*--data/,
    );
    const moved = { backend: 'cpu', out: path('run'), resume: true, data: path('pets') };
    expect(await codeOf(run('train', moved))).toBe('none');
  });

  it('refuses one image in the place of a folder', async () => {
    const file = path('pets', 'a cat', '0.png');
    await expect(train({ data: file, out: path('one') })).rejects.toThrow(/0\.png: it is one image, not a folder/);
  });

  it('refuses classes that the network does not tell apart, and images that it cannot take', async () => {
    await writeClasses(path('others'), { wolf: 2, fox: 2 });
    expect(await codeOf(evaluate(path('dense'), { data: path('others') }))).toBe('CLASSES_MISMATCH');
    expect(await codeOf(evaluate(path('dense'), { data: path('pets'), size: '16' }))).toBe('USAGE');
  });

  it('names a damaged image and ends, and leaves it out if asked', async () => {
    cpSync(path('pets'), path('damaged'), { recursive: true });
    writeText(path('damaged', 'a cat', 'broken.jpg'), 'x');
    const given = { data: path('damaged'), steps: '8' };
    await expect(train({ ...given, out: path('strict') })).rejects.toThrow(/broken\.jpg: not a readable image/);
    const { recipe } = await train({ ...given, out: path('lenient'), 'skip-damaged': true });
    expect(recipe.data).toMatchObject({ count: 14, skipDamaged: true });
    expect(await evaluate(path('lenient'))).toMatchObject({ examples: 3 });
  });

  it('is not given together with a dataset, nor its options without it', async () => {
    expect(await codeOf(train({ data: path('pets'), dataset: 'digits', out: path('x') }))).toBe('USAGE');
    expect(await codeOf(run('train', { backend: 'cpu', augment: 'none', out: path('x') }))).toBe('USAGE');
    expect(await codeOf(train({ data: path('nowhere'), out: path('x') }))).toBe('FILE_ACCESS');
  });
});
