import { dirname, join } from 'node:path';
import { imagenetNormalization } from '../../batch/normalization.js';
import type { ImageFiles } from '../../image/decoded-image.js';
import { filesBelow } from '../images/files-below.js';
import { imageList, type ListedImage } from '../images/image-list.js';
import { readMat } from '../mat5/read-mat.js';
import { countingNumbers, ofKind, textOf } from '../mat5/value.js';
import { present, type TaskFolder, type TaskSource } from './task-source.js';

const testAnnotations = 'cars_test_annos_withlabels.mat';

/**
 * Stanford Cars (Krause et al. 2013): `cars_train/NNNNN.jpg`, `cars_test/NNNNN.jpg`, annotations as MAT-files whose
 * classes are counted from 1. Its site is gone.
 */
export const cars: TaskSource = {
  description: {
    name: 'cars',
    title: 'Stanford Cars',
    classCount: 196,
    trainSize: 8144,
    testSize: 8041,
    metric: 'top-1',
    learningRateFull: 0.01,
    normalization: imagenetNormalization,
    downloads: [],
    layout:
      'devkit/cars_meta.mat and devkit/cars_train_annos.mat (or car_devkit.tgz, md5 c3b158d763b6e2245038c8ad08e45376), ' +
      'cars_test_annos_withlabels.mat (md5 b0a2b23655a3edd16d84508592a98d10) and the folders cars_train and cars_test of ' +
      'images 00001.jpg and so on (or cars_train.tgz, md5 065e5b463ae28d29e77c1b4b166cfe61, and cars_test.tgz, md5 ' +
      '4ce7ebf6a94d07f1952d94dd34c4d501)',
  },
  mirrors: [],
  files: [],
  read: async folder => {
    const meta = await folder.find(['devkit/cars_meta.mat'], ['car_devkit.tgz']);
    const testFile = await folder.find([testAnnotations, `devkit/${testAnnotations}`]);
    const names = ofKind((await readMat(meta, folder.limits)).get('class_names'), 'cells', meta, 'class_names');
    const classes = names.cells.map(cell => textOf(cell, meta, 'a name of class_names'));
    const train = await part(folder, 'train', join(dirname(meta), 'cars_train_annos.mat'), classes);
    return { classes, train, test: await part(folder, 'test', testFile, classes) };
  },
};

async function part(
  folder: TaskFolder,
  name: 'train' | 'test',
  annotationFile: string,
  classes: readonly string[],
): Promise<ImageFiles> {
  const directory = `cars_${name}`;
  const root = await folder.find([directory], [`${directory}.tgz`]);
  const { allowPartial, limits } = folder;
  const arrays = await readMat(annotationFile, limits);
  const { elements } = ofKind(arrays.get('annotations'), 'struct', annotationFile, 'annotations');
  const listed = elements.map((one, index): ListedImage => {
    const what = `annotations(${index + 1})`;
    const [number = 0] = countingNumbers(
      one.get('class'),
      { most: classes.length, count: 1 },
      annotationFile,
      `${what}.class`,
    );
    return { path: textOf(one.get('fname'), annotationFile, `${what}.fname`), label: number - 1 };
  });
  const images = present(listed, new Set(await filesBelow(root, limits)), annotationFile, allowPartial);
  return imageList({ ...limits, name: `cars/${name}`, classes, folder: root, images });
}
