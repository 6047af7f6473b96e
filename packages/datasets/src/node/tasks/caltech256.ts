import { imagenetNormalization } from '../../batch/normalization.js';
import { splitClassFolders } from './class-folders.js';
import { addresses, type TaskSource } from './task-source.js';

const inside = '256_ObjectCategories';
const mirrors = ['https://data.caltech.edu/records/nyy15-4j048/files/'];
const files = [{ name: '256_ObjectCategories.tar', md5: '67b4f42ca05d46448c6bb8ecd2220f6d', maximumBytes: 2 ** 31 }];

/**
 * Caltech-256 (Griffin, Holub and Perona 2007): `256_ObjectCategories/NNN.class/NNN_NNNN.jpg`, with clutter as its
 * 257th class. Files that are no `.jpg` directly in a class folder are none of the images. Its authors give no split:
 * 60 of each class train.
 */
export const caltech256: TaskSource = {
  description: {
    name: 'caltech256',
    title: 'Caltech-256',
    classCount: 257,
    trainSize: 15_420,
    testSize: 15_187,
    metric: 'mean-per-class',
    learningRateFull: 0.001,
    normalization: imagenetNormalization,
    downloads: addresses({ mirrors, files }),
    layout: '256_ObjectCategories.tar, or its folder 256_ObjectCategories with one folder for each class',
  },
  mirrors,
  files,
  read: async (folder, { split, splitSeed }) => {
    const root = await folder.find([inside], ['256_ObjectCategories.tar']);
    const { limits } = folder;
    return splitClassFolders({
      name: 'caltech256',
      folder: root,
      limits,
      trainPerClass: 60,
      split,
      splitSeed,
      without: [],
    });
  },
};
