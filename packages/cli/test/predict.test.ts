import { cpSync, mkdirSync } from 'node:fs';
import { EspalierError, withClassNames } from '@espalier/core';
import { readCheckpoint, writeCheckpoint } from '@espalier/core/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPredict } from '../src/commands/predict.js';
import { runTraining } from '../src/commands/run.js';
import type { ParsedOptions } from '../src/options/read.js';
import type { Outcome as Printed } from '../src/output/outcome.js';
import { scratch, writeClasses, writeText } from './images.js';

/** What the tests look at of a result. */
interface Outcome {
  readonly images: readonly {
    readonly path: string;
    readonly predictions: readonly { readonly label: number; readonly name: string; readonly value: number }[];
  }[];
  readonly damaged: readonly unknown[];
  readonly classNames: string;
}

const path = scratch();
const parsed = (values: object): ParsedOptions => ({ _: [], ...values }) as unknown as ParsedOptions;
const printed = (images: readonly string[], options: object = {}): Promise<Printed> => {
  const checkpoint = path('run');
  return runPredict(parsed({ _: [checkpoint, ...images], checkpoint, backend: 'cpu', ...options }));
};
const predict = async (...call: Parameters<typeof printed>): Promise<Outcome> =>
  (await printed(...call)).json as Outcome;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (EspalierError.isInstance(error) ? error.code : String(error)),
  );

beforeAll(async () => {
  await writeClasses(path('pets'), { zebra: 10, ant: 10 });
  const options = { backend: 'cpu', size: '8', steps: '20', 'batch-size': '8', model: 'smallConvNet' };
  await runTraining('train', parsed({ ...options, data: path('pets'), out: path('run'), augment: 'none' }));
});

describe('predict', () => {
  it('names the classes of files and folders, the likeliest first, and leaves no tensor over', async () => {
    const before = tf.memory().numTensors;
    const { images, classNames } = await predict([path('pets', 'zebra', '0.png'), path('pets', 'ant')]);
    expect(images.map(({ path: image }) => image.split('/').slice(-2).join('/'))).toEqual([
      'zebra/0.png',
      ...Array.from({ length: 10 }, (_, index) => `ant/${index}.png`),
    ]);
    expect([images[0]?.predictions[0]?.name, images[1]?.predictions[0]?.name, classNames]).toEqual([
      'zebra',
      'ant',
      'network',
    ]);
    for (const { predictions } of images) {
      const [first = Number.NaN, second = Number.NaN] = predictions.map(({ value }) => value);
      expect(first + second).toBeCloseTo(1, 5);
      expect(first).toBeGreaterThanOrEqual(second);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same by the sparse runtime', async () => {
    const image = [path('pets', 'zebra', '3.png')];
    const [dense, sparse] = [await predict(image), await predict(image, { runtime: 'sparse' })];
    expect(sparse.images[0]?.predictions.map(({ name }) => name)).toEqual(
      dense.images[0]?.predictions.map(({ name }) => name),
    );
    for (const [index, { value }] of (dense.images[0]?.predictions ?? []).entries()) {
      expect(sparse.images[0]?.predictions[index]?.value).toBeCloseTo(value, 4);
    }
  });

  it('takes names from a file, one for each class, and says so many as asked', async () => {
    writeText(path('names.txt'), '\ufeffAmeise\r\nZebra\r\n');
    const { images, classNames } = await predict([path('pets', 'ant', '0.png')], {
      'class-names': path('names.txt'),
      top: '1',
    });
    expect([images[0]?.predictions.map(({ name }) => name), classNames]).toEqual([['Ameise'], 'option']);
    writeText(path('more.txt'), 'a\nb\nc\n');
    expect(await codeOf(predict([path('pets', 'ant')], { 'class-names': path('more.txt') }))).toBe('USAGE');
    writeText(path('hole.txt'), 'a\n\nb');
    expect(await codeOf(predict([path('pets', 'ant')], { 'class-names': path('hole.txt') }))).toBe('USAGE');
  });

  it('numbers the classes of a network without names, and refuses hostile ones', async () => {
    const checkpoint = await readCheckpoint(path('run', 'model.safetensors'));
    const { classNames: _, ...metadata } = checkpoint.metadata;
    mkdirSync(path('bare'));
    await writeCheckpoint(path('bare', 'model.safetensors'), { ...checkpoint, metadata });
    const numbered = await predict([path('pets', 'ant', '0.png')], { checkpoint: path('bare') });
    expect(numbered.images[0]?.predictions.map(({ name }) => name).sort()).toEqual(['0', '1']);
    await writeCheckpoint(path('bare', 'model.safetensors'), {
      ...checkpoint,
      metadata: { ...metadata, classNames: [1, 'x'] },
    });
    expect(await codeOf(predict([path('pets', 'ant')], { checkpoint: path('bare') }))).toBe('INVALID_OPTION');
    const loud = withClassNames(metadata, [`\u001b[2J${'x'.repeat(500)}`, 'b']);
    await writeCheckpoint(path('bare', 'model.safetensors'), { ...checkpoint, metadata: loud });
    const { lines } = await printed([path('pets', 'ant', '0.png')], { checkpoint: path('bare') });
    expect(lines[0]).toContain('\\u001b[2Jxx');
    expect(lines[0]?.length).toBeLessThan(path('pets', 'ant', '0.png').length + 130);
  });

  it('names a damaged image and ends, and leaves it out if asked', async () => {
    cpSync(path('pets', 'ant'), path('mixed'), { recursive: true });
    writeText(path('mixed', '5.png'), 'x');
    await expect(predict([path('mixed')])).rejects.toThrow('5.png');
    const { images, damaged } = await predict([path('mixed')], { 'skip-damaged': true });
    expect([images.length, damaged.length]).toEqual([9, 1]);
    expect(images.some(({ path: image }) => image.endsWith('5.png'))).toBe(false);
  });

  it('takes a network by --model, after which all arguments are images', async () => {
    const image = path('pets', 'ant', '0.png');
    const model = path('run', 'model.safetensors');
    const call = (options: object) => runPredict(parsed({ backend: 'cpu', ...options }));
    const { images } = (await call({ _: [image], checkpoint: image, model })).json as Outcome;
    expect(images).toEqual((await predict([image])).images);
    expect(await codeOf(call({ _: [], model }))).toBe('USAGE');
    expect(await codeOf(call({ _: [], checkpoint: undefined }))).toBe('USAGE');
  });

  it('needs an image that is there', async () => {
    expect(await codeOf(predict([]))).toBe('USAGE');
    expect(await codeOf(predict([path('nowhere.jpg')]))).toBe('FILE_ACCESS');
  });
});
