import { dirname, join } from 'node:path';
import { imagenetNormalization } from '../../batch/normalization.js';
import { readLines } from './read-text.js';
import { addresses, type TaskSource } from './task-source.js';
import { type NamedImages, namedLists } from './text-lists.js';

const mirrors = ['https://www.robots.ox.ac.uk/~vgg/data/dtd/download/'];
const files = [{ name: 'dtd-r1.0.1.tar.gz', md5: 'fff73e5086ae6bdbea199a49dfb8a4c1', maximumBytes: 2 ** 31 }];

/**
 * Describable textures (Cimpoi et al. 2014): `dtd/images/<class>/<class>_NNNN.jpg`, ten partitions in `dtd/labels`. The
 * parts for training and for validation of a partition train.
 */
export const dtd: TaskSource = {
  description: {
    name: 'dtd',
    title: 'DTD',
    classCount: 47,
    trainSize: 3760,
    testSize: 1880,
    metric: 'top-1',
    learningRateFull: 0.001,
    normalization: imagenetNormalization,
    downloads: addresses({ mirrors, files }),
    layout: 'dtd-r1.0.1.tar.gz, or its folder dtd with images and labels',
  },
  mirrors,
  files,
  read: async (folder, { fold }) => {
    const root = dirname(await folder.find(['dtd/labels', 'labels'], ['dtd-r1.0.1.tar.gz']));
    const { allowPartial, limits } = folder;
    const listed = async (...names: string[]): Promise<NamedImages> => {
      const sources = names.map(name => join(root, 'labels', `${name}${fold}.txt`));
      const lines = (await Promise.all(sources.map(source => readLines(source, limits))))
        .flat()
        .map(line => line.trim());
      return { source: sources.join(' and '), images: lines.map(path => [path, dirname(path)] as const) };
    };
    const [train, test] = [await listed('train', 'val'), await listed('test')];
    const classes = [...new Set([...train.images, ...test.images].map(([, className]) => className))].sort();
    return {
      classes,
      ...(await namedLists({ name: 'dtd', classes, folder: join(root, 'images'), train, test, allowPartial, limits })),
    };
  },
};
