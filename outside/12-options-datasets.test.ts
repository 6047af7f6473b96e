import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as datasets from '@espalier/datasets';
import * as files from '@espalier/datasets/node';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataset, datasetCalls, first, imageFiles, loose, transform } from './options/dataset-calls.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-outside-12-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function codeOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
}

describe.each(Object.entries(datasetCalls))('%s', (_, { call, right, wrong }) => {
  it('takes what is right, and undefined for what was left out', async () => {
    const left = Object.fromEntries(Object.keys(wrong).map(key => [key, undefined]));
    expect(await codeOf(() => call({ ...left, ...right }))).toBe('accepted');
  });

  it('refuses an option that nobody reads', async () => {
    expect(await codeOf(() => call({ ...right, batch_sizes: 1 }))).toBe('UNKNOWN_OPTION');
    expect(
      await codeOf(() => call(JSON.parse(JSON.stringify(right).replace(/^\{/, '{"__proto__":1,').replace(',}', '}')))),
    ).not.toBe('accepted');
  });

  it('refuses options that are no object', async () => {
    for (const options of [null, [], 'x', 1])
      expect([options, await codeOf(() => call(options))]).toEqual([options, 'INVALID_OPTION']);
  });

  it('refuses values of wrong types, nested ones too', async () => {
    for (const [option, values] of Object.entries(wrong)) {
      for (const value of values) {
        if (option.startsWith('maximum') && value === -1) continue;
        const code = await codeOf(() => call({ ...right, [option]: value }));
        expect([option, value, code]).toEqual([option, value, expect.stringMatching(/^(INVALID|UNKNOWN)_OPTION$/)]);
      }
    }
  });
});

it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'minst', 1, null, undefined, {}])(
  '%j is no dataset and no task',
  async name => {
    expect(await codeOf(() => files.loadDataset(loose(name)))).toBe('UNKNOWN_DATASET');
    expect(await codeOf(() => files.loadTask(loose(name)))).toBe('UNKNOWN_DATASET');
    expect(await codeOf(() => files.describeTask(loose(name)))).toBe('UNKNOWN_DATASET');
  },
);

it('a misspelled name is answered with the one that was meant', async () => {
  await expect(files.loadDataset('minst')).rejects.toThrow('"mnist"');
  await expect(files.loadTask('caltech-101')).rejects.toThrow('"caltech101"');
});

it.each<[string, () => unknown]>([
  ['batchAt', () => datasets.batchAt(loose({}), { position: 0, batchSize: 1 })],
  ['sequentialBatches', () => datasets.sequentialBatches(loose(null), { batchSize: 1 })],
  ['streamBatches', () => first(datasets.streamBatches(loose(dataset), { batchSize: 1, transform }))],
  ['channelStatistics', () => datasets.channelStatistics(loose([]))],
  ['subset', () => datasets.subset(dataset, loose('12'))],
  ['subset of nothing', () => datasets.subset(loose(undefined), [0])],
  ['imageFilesOf', () => datasets.imageFilesOf(loose(imageFiles))],
  ['imageFilesSubset', () => datasets.imageFilesSubset(imageFiles, loose(3))],
  ['toTensors', () => datasets.toTensors(loose({ images: [1] }))],
  [
    'resizeImage',
    () => datasets.resizeImage(loose({ height: 1, width: 1, pixels: [1, 2, 3] }), { height: 1, width: 1 }),
  ],
  ['parseIdx', () => datasets.parseIdx(loose('abc'))],
  ['gunzip', () => datasets.gunzip(loose('abc'))],
  ['cifar10Dataset', () => datasets.cifar10Dataset(loose('abc'), 'x')],
  ['stepsPerEpoch', () => datasets.stepsPerEpoch(dataset, loose('4'))],
  ['imageFolder', () => files.imageFolder(loose(1))],
  ['imageFolderArchive', () => files.imageFolderArchive(loose(undefined), { name: 'x', shape: [1, 1, 1] })],
  ['download', () => files.download(loose(1), { to: 'x' })],
])('%s refuses what it cannot work on', async (_, work) => {
  expect(await codeOf(work)).toBe('INVALID_OPTION');
});

it('options are refused before anything is read or written', async () => {
  await writeFile(join(directory, 'file'), 'x');
  const options = { to: join(directory, 'a', 'f'), retries: 3 };
  expect(await codeOf(() => files.download('http://127.0.0.1:9/f', loose(options)))).toBe('UNKNOWN_OPTION');
  await expect(import('node:fs/promises').then(fs => fs.readdir(directory))).resolves.toEqual(['file']);
});
