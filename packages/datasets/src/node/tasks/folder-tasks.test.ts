import { describe, expect, it } from 'vitest';
import { contentOf, type Files, namesOf, photographs, tarOf } from '../../../test/miniature.js';
import { taskDirectory } from '../../../test/task-folder.js';
import { loadTask } from './load-task.js';

const directory = taskDirectory();

describe('Caltech-256', () => {
  const image = (number: number, index: number): string =>
    `256_ObjectCategories/${number === 1 ? '001.ak47' : '257.clutter'}/${String(number).padStart(3, '0')}_${String(index).padStart(4, '0')}.jpg`;
  const paths = [1, 257].flatMap(number =>
    Array.from({ length: 61 + (number === 1 ? 1 : 0) }, (_, i) => image(number, i + 1)),
  );

  it('trains on the first 60 .jpg files of each class, clutter among them, and on nothing that is no image', async () => {
    const files: Files = {
      ...(await photographs(paths)),
      '256_ObjectCategories/001.ak47/RENAME2': 'a script',
      '256_ObjectCategories/257.clutter/greg/001_0001.jpg': 'in a folder within a class',
    };
    const archive = { '256_ObjectCategories.tar': await tarOf(files) };
    const task = await directory.load('caltech256', archive, { split: 'salman2020' });
    expect([task.metric, task.classes]).toEqual(['mean-per-class', ['001.ak47', '257.clutter']]);
    expect([task.train.size, await contentOf(task.test)]).toEqual([
      120,
      [
        [0, 60],
        [0, 61],
        [1, 122],
      ],
    ]);
  });

  it('refuses a folder without classes', async () => {
    const files = { '256_ObjectCategories/readme.txt': 'none' };
    await expect(directory.load('caltech256', files)).rejects.toThrow('no class folders with images');
  });
});

describe('Birdsnap', () => {
  const photos = ['Acorn_Woodpecker/1.jpg', 'Acorn_Woodpecker/2.jpg', 'Veery/3.jpg', 'Veery/4.jpg'];
  const row = (path: string): string => `http://example.org\t0123\t${path}\t1`;
  const lists: Files = {
    'images.txt': ['url\tmd5\tpath\tspecies_id', ...[...photos, 'Veery/gone.jpg'].map(row)].join('\n'),
    'test_images.txt': ['path', photos[1], photos[3]].join('\r\n'),
  };

  it('trains on what is not in the list of test images, and passes over photographs that are gone', async () => {
    const images = Object.entries(await photographs(photos)).map(([path, bytes]) => [`images/${path}`, bytes]);
    const task = await directory.load('birdsnap', { ...lists, ...Object.fromEntries(images) });
    expect([task.metric, task.classes]).toEqual(['top-1', ['Acorn_Woodpecker', 'Veery']]);
    expect([await contentOf(task.train), await contentOf(task.test)]).toEqual([
      [
        [0, 0],
        [1, 2],
      ],
      [
        [0, 1],
        [1, 3],
      ],
    ]);
  });

  it('is read from class folders that have been split already', async () => {
    const files = await photographs(['train/b/1.jpg', 'train/a/2.jpg', 'test/b/3.jpg']);
    const task = await directory.load('birdsnap', files, { split: 'salman2020' });
    expect([task.classes, namesOf(task.train), namesOf(task.test)]).toEqual([
      ['a', 'b'],
      { a: ['2.jpg'], b: ['1.jpg'] },
      { b: ['3.jpg'] },
    ]);
    const strange = { ...files, ...(await photographs(['test/c/4.jpg'])) };
    await expect(directory.load('birdsnap', strange, { split: 'salman2020' })).rejects.toThrow('class c is not in');
  });

  it.each([
    ['a list without the column', { 'images.txt': 'url\nx' }, 'does not name a column "path"'],
    ['a line that ends early', { 'images.txt': 'url\tpath\nx' }, 'line 2 has no path'],
    ['no photograph at all', { 'images/readme.txt': '' }, 'it lists no images'],
  ])('refuses %s', async (_, change, message) => {
    const attempt = directory.load('birdsnap', { ...lists, 'images/x.txt': '', ...change });
    await expect(attempt).rejects.toThrow(message);
  });
});

describe('a task that cannot be downloaded any more', () => {
  it.each([
    ['birdsnap', 'test_images.txt'],
    ['cars', 'cars_test_annos_withlabels.mat'],
  ])('says how the folder of %s has to look, and asks no server', async (name, file) => {
    const fetch = (): never => {
      throw new Error('asked');
    };
    const attempt = loadTask(name, directory.options({ download: true, fetch }));
    await expect(attempt).rejects.toMatchObject({ code: 'MISSING_DATA', dataset: name });
    await expect(attempt).rejects.toThrow('It cannot be downloaded any more. Pass a folder as "directory" that holds');
    await expect(attempt).rejects.toThrow(file);
    await expect(attempt).rejects.toThrow(`name that folder "${name}" and set ESPALIER_DATA`);
  });
});
