import { describe, expect, it } from 'vitest';
import { contentOf, type Files, namesOf, photographs, tarGzipOf, zipOf } from '../../../test/miniature.js';
import { taskDirectory } from '../../../test/task-folder.js';

const directory = taskDirectory();
const lines = (...text: string[]): string => `${text.join('\n')}\n`;
const below = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));

describe('FGVC-Aircraft', () => {
  const aircraft = async (): Promise<Files> => ({
    ...(await photographs(['data/images/0034309.jpg', 'data/images/1025794.jpg', 'data/images/0000001.jpg'], 30, 8)),
    'data/variants.txt': lines('707-320', 'F/A-18', 'Cessna 172'),
    'data/images_variant_trainval.txt': lines('1025794 Cessna 172', '0034309 707-320'),
    'data/images_variant_test.txt': lines('0000001 F/A-18'),
  });

  it('reads names with spaces and slashes, from the archive as published', async () => {
    const archive = await tarGzipOf(below('fgvc-aircraft-2013b', await aircraft()));
    const task = await directory.load('aircraft', { 'fgvc-aircraft-2013b.tar.gz': archive });
    expect(task).toMatchObject({ metric: 'mean-per-class', learningRateFull: 0.01 });
    expect(task.classes).toEqual(['707-320', 'F/A-18', 'Cessna 172']);
    expect(await contentOf(task.train)).toEqual([
      [2, 1],
      [0, 0],
    ]);
    expect(await contentOf(task.test)).toEqual([[1, 2]]);
  });

  it("cuts off the 20 rows of credits, but not in the study's variant", async () => {
    expect((await (await directory.load('aircraft', await aircraft())).test.read(0)).height).toBe(10);
    const { test } = await directory.load('aircraft', await aircraft(), { split: 'salman2020' });
    expect((await test.read(0)).height).toBe(30);
  });

  it.each([
    ['a variant that is none', 'test', '0000001 Boeing', '"Boeing" of 0000001.jpg is none of the classes'],
    ['a line without a variant', 'test', '0000001', 'not an image and its variant'],
    ['an empty list', 'test', '', 'it lists no images'],
    ['an image in both lists', 'test', '0034309 707-320', 'is for testing, but'],
    ['images elsewhere', 'test', '../../x 707-320', 'are missing, such as ../../x.jpg'],
  ])('refuses %s', async (_, part, line, message) => {
    const files = { ...(await aircraft()), [`data/images_variant_${part}.txt`]: lines(line) };
    const attempt = directory.load('aircraft', files);
    await expect(attempt).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
    await expect(attempt).rejects.toThrow(message);
  });

  it('says which list is missing', async () => {
    const { 'data/images_variant_test.txt': _, ...files } = await aircraft();
    const attempt = directory.load('aircraft', files);
    await expect(attempt).rejects.toMatchObject({ code: 'MISSING_DATA' });
    await expect(attempt).rejects.toThrow('images_variant_test.txt');
  });
});

describe('DTD', () => {
  const image = (name: string, number: number): string => `${name}/${name}_000${number}.jpg`;
  const dtd = async (): Promise<Files> => ({
    ...(await photographs(
      [1, 2, 3].flatMap(i => [`dtd/images/${image('banded', i)}`, `dtd/images/${image('zigzagged', i)}`]),
    )),
    'dtd/labels/train1.txt': lines(image('zigzagged', 1), image('banded', 1)),
    'dtd/labels/val1.txt': lines(image('banded', 2)),
    'dtd/labels/test1.txt': lines(image('banded', 3), image('zigzagged', 3)),
    'dtd/labels/train10.txt': lines(image('zigzagged', 2), image('banded', 3)),
    'dtd/labels/val10.txt': lines(image('zigzagged', 3)),
    'dtd/labels/test10.txt': lines(image('banded', 1)),
  });

  it('trains on the training and validation parts of the first partition', async () => {
    const task = await directory.load('dtd', { 'dtd-r1.0.1.tar.gz': await tarGzipOf(await dtd()) });
    expect([task.metric, task.classes]).toEqual(['top-1', ['banded', 'zigzagged']]);
    // photographs are numbered banded 1, zigzagged 1, banded 2, …
    expect(await contentOf(task.train)).toEqual([
      [1, 1],
      [0, 0],
      [0, 2],
    ]);
    expect(namesOf(task.test)).toEqual({ banded: ['banded_0003.jpg'], zigzagged: ['zigzagged_0003.jpg'] });
  });

  it('has ten partitions and no eleventh', async () => {
    const { test } = await directory.load('dtd', await dtd(), { fold: 10 });
    expect(namesOf(test)).toEqual({ banded: ['banded_0001.jpg'] });
    for (const fold of [0, 11, 1.5]) {
      await expect(directory.load('dtd', {}, { fold })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
  });
});

describe('Food-101', () => {
  const food = async (): Promise<Files> => ({
    ...(await photographs(['apple_pie/1', 'apple_pie/2', 'waffles/3'].map(path => `food-101/images/${path}.jpg`))),
    'food-101/meta/train.json': JSON.stringify({ waffles: ['waffles/3'], apple_pie: ['apple_pie/2'] }),
    'food-101/meta/test.json': JSON.stringify({ apple_pie: ['apple_pie/1'] }),
  });

  it('reads lists of every class, sorted, from the archive as published', async () => {
    const task = await directory.load('food101', { 'food-101.tar.gz': await tarGzipOf(await food()) });
    expect([task.metric, task.classes]).toEqual(['top-1', ['apple_pie', 'waffles']]);
    expect(await contentOf(task.train)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(await contentOf(task.test)).toEqual([[0, 0]]);
  });

  it.each(['{', '[]', 'null', '3', '{"apple_pie": "apple_pie/1"}', '{"apple_pie": [1]}', '{"a": ["apple_pie/1"]}'])(
    'refuses a list that is %s',
    async meta => {
      const attempt = directory.load('food101', { ...(await food()), 'food-101/meta/test.json': meta });
      await expect(attempt).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
      await expect(attempt).rejects.toThrow('test.json');
    },
  );
});

describe('Oxford Pets', () => {
  const names = ['Abyssinian_1', 'great_pyrenees_10', 'Abyssinian_2'];
  const pets = async (): Promise<Files> => ({
    ...(await photographs(names.map(name => `images/${name}.jpg`))),
    'annotations/trainval.txt': lines(
      '#Image CLASS-ID SPECIES BREED ID',
      'great_pyrenees_10 2 2 1',
      'Abyssinian_2 1 1 1',
    ),
    'annotations/test.txt': lines('Abyssinian_1 1 1 1'),
  });

  it('names classes after breeds, counted from 1 in the lists, from the archives as published', async () => {
    const all = Object.entries(await pets());
    const packed = (start: string) => tarGzipOf(Object.fromEntries(all.filter(([path]) => path.startsWith(start))));
    const files = { 'images.tar.gz': await packed('images'), 'annotations.tar.gz': await packed('annotations') };
    const task = await directory.load('pets', files);
    expect([task.metric, task.classes]).toEqual(['mean-per-class', ['Abyssinian', 'great_pyrenees']]);
    expect(await contentOf(task.train)).toEqual([
      [1, 1],
      [0, 2],
    ]);
    expect(await contentOf(task.test)).toEqual([[0, 0]]);
  });

  it.each([
    ['one number for two breeds', 'Abyssinian_1 2 1 1', 'class 2 is great_pyrenees and Abyssinian'],
    ['a line without a class', 'Abyssinian_1', 'is not an image and its class'],
  ])('refuses %s', async (_, line, message) => {
    const files = { ...(await pets()), 'annotations/test.txt': lines(line) };
    await expect(directory.load('pets', files)).rejects.toThrow(message);
  });
});

describe('SUN397', () => {
  const images = ['a/abbey/sun_a.jpg', 'a/abbey/sun_b.jpg', 'a/apartment_building/outdoor/sun_c.jpg'];
  const partitions: Files = {
    'ClassName.txt': lines('/a/abbey', '/a/apartment_building/outdoor'),
    'Training_01.txt': lines(`/${images[2]}`, `/${images[0]}`),
    'Testing_01.txt': lines(`/${images[1]}`),
    'Training_02.txt': lines(`/${images[1]}`),
    'Testing_02.txt': lines(`/${images[0]}`),
  };
  const sun = async (): Promise<Files> => below('SUN397', await photographs(images));

  it.each([
    ['at its top', partitions],
    ['in a folder', below('Partitions', partitions)],
  ])('reads classes in folders of folders, and partitions out of a zip archive with its files %s', async (_, lists) => {
    const files = { 'SUN397.tar.gz': await tarGzipOf(await sun()), 'download/Partitions.zip': zipOf(lists) };
    const task = await directory.load('sun397', files);
    expect([task.metric, task.classes]).toEqual(['top-1', ['a/abbey', 'a/apartment_building/outdoor']]);
    expect(await contentOf(task.train)).toEqual([
      [1, 2],
      [0, 0],
    ]);
    expect(await contentOf(task.test)).toEqual([[0, 1]]);
  });

  it('has other partitions', async () => {
    const { train } = await directory.load('sun397', { ...(await sun()), ...partitions }, { fold: 2 });
    expect(await contentOf(train)).toEqual([[0, 1]]);
  });

  it('refuses a class that is listed twice', async () => {
    const files = { ...(await sun()), ...partitions, 'ClassName.txt': lines('/a/abbey', '/a/abbey') };
    await expect(directory.load('sun397', files)).rejects.toThrow('two classes have the same name');
  });
});
