import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  contentOf,
  type Files,
  namesOf,
  photographs,
  tarGzipOf,
  tarOf,
  writeFiles,
  zipOf,
} from '../../../test/miniature.js';
import { UnsafeArchiveError } from '../errors.js';
import type { LabeledImages, LoadImagesOptions } from './labeled-images.js';
import { loadImages } from './load-images.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'espalier-own-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const folder = (): string => join(directory, 'mine');
const load = (files: Files, options: LoadImagesOptions = {}): Promise<LabeledImages> => {
  writeFiles(folder(), files);
  return loadImages(folder(), { cacheDirectory: join(directory, 'cache'), ...options });
};
const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}/${String(index).padStart(2, '0')}.png`);

describe('class folders', () => {
  it('are split by class: of ten and five images two and one test, none in both parts', async () => {
    // 0.2 · 10 = 2, 0.2 · 5 = 1
    const { classes, train, test, split, source } = await load(
      await photographs([...numbered('zebra', 10), ...numbered('ant', 5)]),
    );
    expect([classes, split, source]).toEqual([['ant', 'zebra'], 'made', 'class folders']);
    const names = [namesOf(train), namesOf(test)] as const;
    expect(names.map(part => [part.ant?.length, part.zebra?.length])).toEqual([
      [4, 8],
      [1, 2],
    ]);
    const all = (await Promise.all([contentOf(train), contentOf(test)])).flat();
    expect(new Set(all.map(([, red]) => red)).size).toBe(15);
    for (const [label, red] of all) expect(label).toBe(red < 10 ? 1 : 0);
  });

  it('are split alike for the same names, in whatever order they were written, and otherwise by another seed', async () => {
    const files = await photographs([...numbered('a', 12), ...numbered('b', 12)]);
    const first = await load(files, { seed: 3 });
    const second = join(directory, 'other');
    writeFiles(second, Object.fromEntries(Object.entries(files).reverse()));
    const again = await loadImages(second, { seed: 3 });
    expect([namesOf(again.test), again.digest]).toEqual([namesOf(first.test), first.digest]);
    expect(namesOf((await loadImages(second, { seed: 4 })).test)).not.toEqual(namesOf(first.test));
  });

  it('keep an image of every class to train on and one to test on, where there are two', async () => {
    const files = await photographs([...numbered('a', 2), ...numbered('b', 3), ...numbered('c', 1)]);
    // a: 0.9 · 2 → 2, but one trains; b: 0.01 · 3 → 0, but one tests
    const much = await load(files, { testFraction: 0.9 });
    expect(namesOf(much.train)).toMatchObject({ a: [expect.anything()], b: [expect.anything()], c: ['00.png'] });
    const little = await loadImages(folder(), { testFraction: 0.01 });
    expect([little.test.size, little.train.size]).toEqual([2, 4]);
    expect(little.warnings).toMatchObject([{ code: 'CLASS_NOT_TESTED', message: expect.stringContaining('"c"') }]);
    const all = await loadImages(folder(), { testFraction: 1 });
    expect([all.train.size, all.test.size, all.warnings]).toEqual([0, 6, []]);
  });

  it('may have spaces, other scripts and decomposed letters in their names, and folders below them', async () => {
    const { classes, train } = await load(
      await photographs(['Bärin 1/x/1.png', 'Ba\u0308rin 1/2.png', '熊 猫/a b.png', '熊 猫/c.png']),
      { testFraction: 0.5 },
    );
    expect(classes).toEqual(['B\u00e4rin 1', '熊 猫']);
    expect(train.size).toBe(2);
  });

  it('count and name what is passed over, empty folders too, and go on', async () => {
    mkdirSync(join(folder(), 'empty'), { recursive: true });
    const { classes, passedOver, warnings, train, test } = await load({
      ...(await photographs([...numbered('a', 2), ...numbered('b', 2)])),
      'a/.DS_Store': 'x',
      'a/Thumbs.db': 'x',
      '__MACOSX/a/._1.png': 'x',
      'b/notes.txt': 'x',
      'README.md': 'x',
      'loose.png': 'x',
    });
    expect([classes, train.size + test.size]).toEqual([['a', 'b'], 4]);
    expect(passedOver).toMatchObject({ leftBehind: 3, notImages: 2, unlabeled: 1 });
    expect(passedOver.examples[0]).toBe('loose.png');
    expect(warnings).toMatchObject([{ code: 'EMPTY_CLASS', message: expect.stringContaining('"empty"') }]);
  });

  it('below folders that hold nothing else are found', async () => {
    const files = await photographs([...numbered('data/set/a', 2), ...numbered('data/set/b', 2)]);
    expect((await load({ ...files, 'data/README': '' })).classes).toEqual(['a', 'b']);
  });

  it('below folders that hold nothing else keep the split that is made there', async () => {
    const { train, test, classes } = await load(
      await photographs(['set/v1/train/a/1.png', 'set/v1/train/b/2.png', 'set/v1/test/a/3.png', 'set/v1/test/b/4.png']),
    );
    expect([train.size, test.size, classes]).toEqual([2, 2, ['a', 'b']]);
  });

  it('may be links, and links that lead back are not followed for ever', async () => {
    await load(await photographs([...numbered('a', 2), ...numbered('b', 2)]));
    symlinkSync('..', join(folder(), 'a', 'loop'));
    symlinkSync(join(folder(), 'b'), join(folder(), 'c'));
    const { classes, train, test } = await loadImages(folder());
    expect([classes, train.size + test.size]).toEqual([['a', 'b', 'c'], 6]);
  });

  it.each<[string, string[], string]>([
    ['one class', ['a/1.png', 'a/2.png'], 'one class only, "a"'],
    ['no image in a folder', ['1.png', '2.png'], '2 images lie in no class folders'],
    ['nothing', [], 'no images in class folders'],
  ])('with %s are refused', async (_, paths, problem) => {
    mkdirSync(folder(), { recursive: true });
    await expect(load(await photographs(paths))).rejects.toThrow(problem);
  });

  it('get the labels of classes that are given, and are refused if they are none of these', async () => {
    const files = await photographs([...numbered('b', 2), ...numbered('a', 2)]);
    const { train, classes } = await load(files, { classes: ['b', 'x', 'a'] });
    expect([classes, train.label(0), train.label(1)]).toEqual([['b', 'x', 'a'], 0, 2]);
    await expect(loadImages(folder(), { classes: ['a'] })).rejects.toThrow('class "b"');
  });
});

describe('train and test folders', () => {
  it('are taken as they are, test before validation, and what is not used is said', async () => {
    const { split, source, train, test, warnings, passedOver } = await load(
      await photographs([
        'Train/a/1.png',
        'Train/b/2.png',
        'val/a/3.png',
        'test/a/4.png',
        'test/b/5.png',
        'other/x.png',
      ]),
    );
    expect([split, source]).toEqual(['given', 'train and test folders']);
    expect([namesOf(train), namesOf(test)]).toEqual([
      { a: ['1.png'], b: ['2.png'] },
      { a: ['4.png'], b: ['5.png'] },
    ]);
    expect(warnings).toMatchObject([{ code: 'PART_NOT_USED', message: expect.stringContaining('"val"') }]);
    expect(passedOver.unlabeled).toBe(2);
  });

  it('take validation where the test images have no classes, and warn of classes in one part alone', async () => {
    const { test, warnings } = await load(
      await photographs(['train/a/1.png', 'train/b/2.png', 'validation/a/3.png', 'validation/c/4.png', 'test/5.png']),
    );
    expect(namesOf(test)).toEqual({ a: ['3.png'], c: ['4.png'] });
    expect(warnings.map(({ code }) => code)).toEqual(['CLASS_NOT_TRAINED', 'CLASS_NOT_TESTED']);
  });
});

describe('folders that are called for what they are for', () => {
  it.each(['dev', 'eval', 'Test Set', 'validation_data'])('are known when they are called %s', async test => {
    const { split, classes } = await load(
      await photographs(['training_set/a/1.png', 'training_set/b/2.png', `${test}/a/3.png`, `${test}/b/4.png`]),
    );
    expect([split, classes]).toEqual(['given', ['a', 'b']]);
  });

  it('are never the classes: a test folder without classes is said, and a part of the others is tested on', async () => {
    const { split, classes, train, test, warnings, passedOver } = await load(
      await photographs([...numbered('train/a', 2), ...numbered('train/b', 2), 'test/5.png', 'test/6.png']),
    );
    expect([split, classes, train.size, test.size]).toEqual(['made', ['a', 'b'], 2, 2]);
    expect(warnings).toMatchObject([{ code: 'PART_NOT_USED', message: expect.stringContaining('"test"') }]);
    expect(passedOver.unlabeled).toBe(2);
  });

  it('are an error without class folders, but for a table that says the classes', async () => {
    const flat = await photographs(['train/1.png', 'train/2.png', 'train/3.png', 'train/4.png', 'test/5.png']);
    await expect(load(flat)).rejects.toThrow('its 5 images lie in no class folders');
    const rows = ['train/1.png,a', 'train/2.png,b', 'train/3.png,a', 'train/4.png,b'];
    expect((await load({ ...flat, 'labels.csv': rows.join('\n') })).classes).toEqual(['a', 'b']);
  });

  it('are an error beside one that nobody knows but that holds the same classes', async () => {
    const files = await photographs(['train/a/1.png', 'train/b/2.png', 'rest/a/3.png', 'rest/b/4.png']);
    await expect(load(files)).rejects.toThrow(
      /"rest", "train" all hold folders "a", "b".*call them "train" and "test"/,
    );
  });

  it('and classes that all hold the same folders are told apart by the reader of a warning', async () => {
    const files = ['cat/left/1.png', 'cat/right/2.png', 'dog/left/3.png', 'dog/right/4.png'];
    const { classes, warnings } = await load(await photographs(files));
    expect(classes).toEqual(['cat', 'dog']);
    expect(warnings.map(({ code }) => code)).toEqual(['CLASSES_LIKE_PARTS']);
  });

  it('may be classes that are called alike, with images in them', async () => {
    const { classes, warnings } = await load(await photographs([...numbered('train', 2), ...numbered('bus', 2)]));
    expect([classes, warnings]).toEqual([['bus', 'train'], []]);
  });
});

describe('archives', () => {
  const content = () => photographs([...numbered('pets/cat', 3), ...numbered('pets/dog', 3)]);
  it.each([
    ['zip', async (files: Files) => zipOf(files)],
    ['tar', tarOf],
    ['tar.gz', tarGzipOf],
  ] as const)('of kind %s hold what a folder holds, and what was left out is counted', async (kind, pack) => {
    const path = join(directory, `mine.${kind}`);
    writeFileSync(path, await pack({ ...(await content()), '__MACOSX/pets/._00.png': 'x', 'pets/cat/Thumbs.db': 'x' }));
    const options = { cacheDirectory: join(directory, 'cache') };
    for (const found of [await loadImages(path, options), await loadImages(path, options)]) {
      expect([found.classes, found.train.size, found.test.size]).toEqual([['cat', 'dog'], 4, 2]);
      expect(found.passedOver.leftBehind).toBe(2);
    }
  });

  it('with a table of paths are refused if one of them leads out', async () => {
    const files = await photographs(['images/1.png', 'images/2.png']);
    const path = join(directory, 'mine.zip');
    const options = { cacheDirectory: join(directory, 'cache'), testFraction: 0.5 };
    writeFileSync(path, zipOf({ ...files, 'labels.csv': 'images/1.png,a\nimages/2.png,b\n' }));
    expect((await loadImages(path, options)).source).toBe('table');
    for (const out of ['../../secret.png', '/etc/passwd']) {
      writeFileSync(path, zipOf({ ...files, 'labels.csv': `images/1.png,a\n${out},b\n` }));
      await expect(loadImages(path, options)).rejects.toThrow(UnsafeArchiveError);
    }
  });
});

describe('no images', () => {
  it.each<[Files, string]>([
    [{ 'pets.zip': 'PK' }, 'but "pets.zip", which is not unpacked; name an archive itself'],
    [{ 'labels.csv': 'path,label\n' }, 'it has a row of names and no rows of images'],
    [{ 'labels.csv': '' }, 'it has no rows'],
  ])('in %o is an error that says what is there', async (files, problem) => {
    await expect(load(files)).rejects.toThrow(problem);
  });
});

describe('damaged images', () => {
  it('are an error with the path when they are read, and are named and left out if asked', async () => {
    const files = { ...(await photographs([...numbered('a', 4), ...numbered('b', 4)])), 'a/broken.jpg': 'no image' };
    const strict = await load(files, { testFraction: 1 });
    await expect(contentOf(strict.test)).rejects.toThrow('broken.jpg');
    const progress: number[] = [];
    const { test, damaged } = await loadImages(folder(), {
      testFraction: 1,
      skipDamaged: true,
      keepDecoded: 2 ** 20,
      onProgress: ({ done }) => progress.push(done),
    });
    expect([test.size, damaged.length, progress]).toEqual([8, 1, [9]]);
    expect(damaged[0]).toMatchObject({
      path: join(folder(), 'a/broken.jpg'),
      problem: expect.stringContaining('JPEG'),
    });
    rmSync(join(folder(), 'a/00.png'));
    expect((await contentOf(test)).length).toBe(8); // kept since it was checked
  });

  it('of an archive are called by it and by their path in there', async () => {
    const photos = await photographs([...numbered('a', 4), ...numbered('b', 4)]);
    const path = join(directory, 'pets.zip');
    writeFileSync(path, zipOf({ ...photos, 'a/broken.jpg': 'no image' }));
    const options = { testFraction: 1, cacheDirectory: join(directory, 'cache') };
    const { test } = await loadImages(path, options);
    await expect(contentOf(test)).rejects.toThrow(`${path}: a/broken.jpg: `);
    const { damaged } = await loadImages(path, { ...options, skipDamaged: true });
    expect(damaged.map(image => image.path)).toEqual([`${path}: a/broken.jpg`]);
    const table = join(directory, 'listed.zip');
    writeFileSync(table, zipOf({ 'list.csv': 'path,label\na/none.png,a\n' }));
    await expect(loadImages(table, options)).rejects.toThrow(
      `${table}: list.csv: 1 of its 1 images are not there, such as "a/none.png" of line 2, relative to its folder in the archive`,
    );
  });

  it('that are all there is are an error', async () => {
    const files = { 'a/1.png': 'x', 'a/2.png': 'x', 'b/1.png': 'x', 'b/2.png': 'x' };
    await expect(load(files, { skipDamaged: true })).rejects.toThrow('none of its 4 images');
  });
});
