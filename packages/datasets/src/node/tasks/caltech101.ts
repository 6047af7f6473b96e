import { imagenetNormalization } from '../../batch/normalization.js';
import { splitClassFolders } from './class-folders.js';
import { addresses, type TaskSource } from './task-source.js';

const inside = '101_ObjectCategories';
const mirrors = ['https://data.caltech.edu/records/mzrjq-6wc02/files/'];
const files = [{ name: 'caltech-101.zip', md5: '3138e1922a9193bfa496528edbbc45d0' }];

/**
 * Caltech-101 (Fei-Fei, Fergus and Perona 2004): `101_ObjectCategories/<class>/image_NNNN.jpg`. The folder of
 * background images is no class. Its authors give no split: 30 images of each class train.
 */
export const caltech101: TaskSource = {
  description: {
    name: 'caltech101',
    title: 'Caltech-101',
    classCount: 101,
    trainSize: 3030,
    testSize: 5647,
    metric: 'mean-per-class',
    learningRateFull: 0.001,
    normalization: imagenetNormalization,
    downloads: addresses({ mirrors, files }),
    layout:
      'caltech-101.zip, 101_ObjectCategories.tar.gz or the folder 101_ObjectCategories with one folder for each class',
  },
  mirrors,
  files,
  read: async (folder, { split, splitSeed }) => {
    // The zip archive holds the other one. A copy at 128 pixels may lie beside the dataset's folder.
    const root = await folder.find(
      [inside],
      [
        '101_ObjectCategories.tar.gz',
        'caltech-101/101_ObjectCategories.tar.gz',
        'caltech-101.zip',
        'caltech101-128px.tar.gz',
        '../caltech101-128px.tar.gz',
      ],
    );
    return splitClassFolders({
      name: 'caltech101',
      folder: root,
      limits: folder.limits,
      trainPerClass: 30,
      split,
      splitSeed,
      without: ['BACKGROUND_Google'],
    });
  },
};
