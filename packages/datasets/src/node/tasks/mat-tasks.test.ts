import { describe, expect, it } from 'vitest';
import { matOf } from '../../../test/mat-writer.js';
import { contentOf, type Files, photographs, tarGzipOf } from '../../../test/miniature.js';
import { taskDirectory } from '../../../test/task-folder.js';

const directory = taskDirectory();

describe('Flowers-102', () => {
  const image = (id: number): string => `jpg/image_0000${id}.jpg`;
  /** Six images of three classes; image n has red n − 1. */
  const flowers = async (sets: Record<string, number[]> = {}, labels = [3, 1, 2, 1, 3, 2]): Promise<Files> => ({
    ...(await photographs([1, 2, 3, 4, 5, 6].map(image))),
    'imagelabels.mat': matOf({ labels }, true),
    'setid.mat': matOf({ trnid: [6, 2], valid: [1], tstid: [3, 4, 5], ...sets }),
  });

  it('trains on the parts trnid and valid and tests on tstid, with labels counted from 1 in the file', async () => {
    const task = await directory.load('flowers102', await flowers());
    expect(task).toMatchObject({ metric: 'mean-per-class', learningRateFull: 0.001, classes: ['1', '2', '3'] });
    expect(await contentOf(task.train)).toEqual([
      [1, 5],
      [0, 1],
      [2, 0],
    ]);
    expect(await contentOf(task.test)).toEqual([
      [1, 2],
      [0, 3],
      [2, 4],
    ]);
  });

  it('is read from the files as published', async () => {
    const { 'imagelabels.mat': labels, 'setid.mat': sets, ...images } = await flowers();
    const published = { 'imagelabels.mat': labels!, 'setid.mat': sets!, '102flowers.tgz': await tarGzipOf(images) };
    const task = await directory.load('flowers102', published);
    expect((await contentOf(task.test))[2]).toEqual([2, 4]);
  });

  it.each([
    ['an image that is not there', { tstid: [3, 7] }, undefined, 'tstid holds 7'],
    ['image 0', { trnid: [0] }, undefined, 'trnid holds 0'],
    ['an image in both parts', { tstid: [2] }, undefined, 'image 2 is for training and for testing'],
    ['a label that is no class', {}, [3, 1, 2, 1, 3, 103], 'labels holds 103'],
    ['a part that is text', { valid: [] }, undefined, 'valid'],
  ])('refuses %s', async (name, sets, labels, message) => {
    const files = await flowers(sets, labels);
    if (name.endsWith('text')) files['setid.mat'] = matOf({ trnid: [1], valid: 'no numbers', tstid: [2] });
    const attempt = directory.load('flowers102', files);
    await expect(attempt).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
    await expect(attempt).rejects.toThrow(message);
  });

  it('refuses images that are missing, unless a part is allowed', async () => {
    const { [image(4)]: _, ...files } = await flowers();
    await expect(directory.load('flowers102', files, { allowPartial: false })).rejects.toThrow(
      '1 of the 3 images that it lists are missing, such as image_00004.jpg',
    );
    expect((await directory.load('flowers102', files)).test.size).toBe(2);
  });

  it('says which file is missing and how the folder has to look', async () => {
    const { 'setid.mat': _, ...files } = await flowers();
    const attempt = directory.load('flowers102', files);
    await expect(attempt).rejects.toMatchObject({ code: 'MISSING_DATA' });
    await expect(attempt).rejects.toThrow(
      /none of setid\.mat.*has to hold imagelabels\.mat, setid\.mat and 102flowers\.tgz/,
    );
  });
});

describe('Stanford Cars', () => {
  const annotation = (number: number, fname: string) => ({ bbox_x1: [3], class: [number], fname });
  const annotations = (...struct: ReturnType<typeof annotation>[]): Buffer => matOf({ annotations: { struct } }, true);
  const names = ['AM General Hummer SUV 2000', 'smart fortwo Convertible 2012'];
  const lists: Files = {
    'devkit/cars_meta.mat': matOf({ class_names: names }),
    'devkit/cars_train_annos.mat': annotations(annotation(2, '00002.jpg'), annotation(1, '00001.jpg')),
    'cars_test_annos_withlabels.mat': annotations(annotation(2, '00001.jpg')),
  };
  const images = ['cars_train/00001.jpg', 'cars_train/00002.jpg', 'cars_test/00001.jpg'];

  it('reads names, classes counted from 1 and files from structs', async () => {
    const task = await directory.load('cars', { ...lists, ...(await photographs(images)) });
    expect(task).toMatchObject({ metric: 'top-1', learningRateFull: 0.01, classes: names });
    expect(await contentOf(task.train)).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(await contentOf(task.test)).toEqual([[1, 2]]);
  });

  it('is read from the archives that once were published', async () => {
    const all: Files = { ...lists, ...(await photographs(images)) };
    const packed = (start: string) =>
      tarGzipOf(Object.fromEntries(Object.entries(all).filter(([path]) => path.startsWith(start))));
    const task = await directory.load('cars', {
      'car_devkit.tgz': await packed('devkit/'),
      'cars_train.tgz': await packed('cars_train/'),
      'cars_test.tgz': await packed('cars_test/'),
      'cars_test_annos_withlabels.mat': all['cars_test_annos_withlabels.mat']!,
    });
    expect([task.train.size, task.test.size]).toEqual([2, 1]);
  });

  it.each([
    ['a class that has no name', annotations(annotation(3, '00001.jpg')), 'annotations(1).class holds 3'],
    [
      'a list without labels',
      matOf({ annotations: { struct: [{ fname: '00001.jpg' }] } }),
      'annotations(1).class is missing',
    ],
    ['no struct', matOf({ annotations: [1] }), 'annotations is of kind numbers, not struct'],
    ['images elsewhere', annotations(annotation(1, '../../secret.jpg')), 'are missing, such as ../../secret.jpg'],
    ['no MAT-file', Buffer.from('<html>not found</html>'), 'not a MAT-file of level 5'],
  ])('refuses %s', async (_, list, message) => {
    const files = { ...lists, ...(await photographs(images)), 'cars_test_annos_withlabels.mat': list };
    const attempt = directory.load('cars', files);
    await expect(attempt).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
    await expect(attempt).rejects.toThrow(message);
  });
});
