import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentOf, type Files, namesOf, photographs, tarGzipOf, writeFiles, zipOf } from '../../../test/miniature.js';
import { resizeAndCrop } from '../../image/resize-and-crop.js';
import { streamSequentialBatches } from '../../image/stream.js';
import { dataDirectory } from '../fetch/directories.js';
import { loadTask } from './load-task.js';
import type { TaskOptions } from './task.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'espalier-caltech-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const local = (change: TaskOptions = {}): TaskOptions => ({
  dataDirectory: join(directory, 'data'),
  cacheDirectory: join(directory, 'cache'),
  download: false,
  allowPartial: true,
  ...change,
});

const image = (index: number): string => `image_${String(index).padStart(4, '0')}.jpg`;
const some = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `101_ObjectCategories/${name}/${image(count - i)}`);

/** 32 + 31 images in sorted order of the classes Faces (F < a) and accordion, in an archive of another order. */
async function miniature(): Promise<Files> {
  const paths = [...some('accordion', 31), ...some('Faces', 32), ...some('BACKGROUND_Google', 3)];
  return { ...(await photographs(paths)), '101_ObjectCategories/tmp': 'a file that is in no class' };
}

describe("Caltech-101, the study's split", () => {
  it('trains on the first 30 images of each class in sorted order and tests on the rest, without the background', async () => {
    writeFiles(join(directory, 'data', 'caltech101'), await miniature());
    const task = await loadTask('caltech101', local({ split: 'salman2020' }));
    expect(task).toMatchObject({ name: 'caltech101', metric: 'mean-per-class', learningRateFull: 0.001 });
    expect(task.classes).toEqual(['Faces', 'accordion']);
    expect(namesOf(task.test)).toEqual({ Faces: [image(31), image(32)], accordion: [image(31)] });
    expect([task.train.size, ...new Set(namesOf(task.train).Faces)].slice(0, 3)).toEqual([60, image(1), image(2)]);
    // Written first, accordion is red 0 … 30 from image 31 down, Faces 31 … 62 from image 32 down.
    expect(await contentOf(task.test)).toEqual([
      [0, 32],
      [0, 31],
      [1, 0],
    ]);
  });
});

describe('Caltech-101, the official protocol', () => {
  it('trains on 30 images drawn for each class, the same for the same seed, and tests on the rest', async () => {
    writeFiles(join(directory, 'data', 'caltech101'), await miniature());
    const load = async (splitSeed?: number): Promise<string> => {
      const { train, test } = await loadTask('caltech101', local(splitSeed === undefined ? {} : { splitSeed }));
      const [training, testing] = [namesOf(train), namesOf(test)];
      expect([training.Faces!.length, training.accordion!.length]).toEqual([30, 30]);
      expect(new Set([...training.Faces!, ...testing.Faces!]).size).toBe(32);
      return JSON.stringify(testing);
    };
    expect(await load()).toBe(await load(0));
    const splits = new Set([await load(0), await load(1), await load(2), await load(3)]);
    expect(splits.size).toBeGreaterThan(1);
  });
});

describe('Caltech-101 files', () => {
  it('may be in the zip archive with a tar archive in it, as published', async () => {
    const inner = await tarGzipOf(await miniature());
    const zip = zipOf({ 'caltech-101/101_ObjectCategories.tar.gz': inner, '__MACOSX/caltech-101/._x': 'macOS' });
    writeFiles(join(directory, 'mine'), { 'caltech-101.zip': zip });
    const task = await loadTask('caltech101', local({ directory: join(directory, 'mine'), split: 'salman2020' }));
    expect([task.train.size, task.test.size]).toEqual([60, 3]);
    expect((await contentOf(task.test))[0]).toEqual([0, 32]);
  });

  it('may be at 128 pixels beside the folder of the dataset', async () => {
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'data', 'caltech101-128px.tar.gz'), await tarGzipOf(await miniature()));
    expect((await loadTask('caltech101', local())).test.size).toBe(3);
  });

  it('that hold fewer classes are refused unless a part is allowed', async () => {
    writeFiles(join(directory, 'data', 'caltech101'), await miniature());
    const attempt = loadTask('caltech101', local({ allowPartial: false }));
    await expect(attempt).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
    await expect(attempt).rejects.toThrow('2 classes instead of 101');
  });

  it('that hold no image to test on are refused', async () => {
    writeFiles(join(directory, 'data', 'caltech101'), await photographs(some('ant', 30)));
    await expect(loadTask('caltech101', local())).rejects.toThrow('class ant has 30 images, so that none is left');
  });

  it('that are nowhere are an error that says where it looked and how the folder has to look', async () => {
    const attempt = loadTask('caltech101', local());
    await expect(attempt).rejects.toMatchObject({ code: 'MISSING_DATA', dataset: 'caltech101' });
    await expect(attempt).rejects.toThrow(join(directory, 'data', 'caltech101'));
    const other = loadTask('caltech101', local({ directory: join(directory, 'empty') }));
    await expect(other).rejects.toThrow('has to hold caltech-101.zip, 101_ObjectCategories.tar.gz or the folder');
  });
});

const archive = join(dataDirectory() ?? '/no/data/directory', 'caltech101-128px.tar.gz');

describe.skipIf(!existsSync(archive))(`Caltech-101 at 128 pixels (skipped where there is no ${archive})`, () => {
  it('has the sizes of the study, and images that can be read', async () => {
    const task = await loadTask('caltech101', {
      split: 'salman2020',
      cacheDirectory: join(directory, 'cache'),
      download: false,
    });
    // docs/methods/transfer.md (Tasks)
    expect([task.classes.length, task.train.size, task.test.size]).toEqual([101, 3030, 5647]);
    const batches = streamSequentialBatches(task.test, {
      batchSize: 40,
      transform: resizeAndCrop({ resize: 64, size: 56 }),
    });
    const { value } = await batches.next();
    await batches.return();
    const batch = value!;
    const mean = batch.images.reduce((sum, pixel) => sum + pixel, 0) / batch.images.length;
    expect([batch.size, batch.images.length]).toEqual([40, 40 * 56 * 56 * 3]);
    expect(mean).toBeGreaterThan(0.2);
    expect(mean).toBeLessThan(0.8);
  }, 120_000);
});
