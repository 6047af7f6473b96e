import { cifar10Normalization } from '../../batch/normalization.js';
import { cifar10Classes } from '../../formats/cifar.js';
import { imageFilesOf } from '../../image/image-files.js';
import { cifar10FromFolder } from '../sets/cifar10.js';
import { addresses, type TaskSource } from './task-source.js';

const mirrors = ['https://www.cs.toronto.edu/~kriz/'];
const files = [{ name: 'cifar-10-binary.tar.gz', md5: 'c32a1d4ab5d03f1284b67883e8d87530' }];

/** CIFAR-10 (Krizhevsky 2009), in memory as bytes. */
export const cifar10Task: TaskSource = {
  description: {
    name: 'cifar10',
    title: 'CIFAR-10',
    classCount: 10,
    trainSize: 50_000,
    testSize: 10_000,
    metric: 'top-1',
    learningRateFull: 0.001,
    normalization: cifar10Normalization,
    downloads: addresses({ mirrors, files }),
    layout:
      'cifar-10-binary.tar.gz, its .bin files, or train.tar.gz and test.tar.gz with one folder of images for each class',
  },
  mirrors,
  files,
  read: async ({ path, cacheDirectory, limits, onProgress, signal }) => {
    const { train, test } = await cifar10FromFolder(path, {
      ...limits,
      cacheDirectory,
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { classes: cifar10Classes, train: imageFilesOf(train), test: imageFilesOf(test) };
  },
};
