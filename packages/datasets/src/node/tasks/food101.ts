import { dirname, join } from 'node:path';
import { imagenetNormalization } from '../../batch/normalization.js';
import { MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { readText } from './read-text.js';
import { addresses, type TaskSource } from './task-source.js';
import { type NamedImages, namedLists } from './text-lists.js';

const mirrors = ['http://data.vision.ee.ethz.ch/cvl/'];
const files = [{ name: 'food-101.tar.gz', md5: '85eeb15f3717b99a5da872d97d918f87', maximumBytes: 2 ** 33 }];

/**
 * Food-101 (Bossard et al. 2014): `food-101/images/<class>/NNNN.jpg`, lists of every class in `food-101/meta/*.json`.
 */
export const food101: TaskSource = {
  description: {
    name: 'food101',
    title: 'Food-101',
    classCount: 101,
    trainSize: 75_750,
    testSize: 25_250,
    metric: 'top-1',
    learningRateFull: 0.001,
    normalization: imagenetNormalization,
    downloads: addresses({ mirrors, files }),
    layout: 'food-101.tar.gz, or its folder food-101 with images and meta',
  },
  mirrors,
  files,
  read: async folder => {
    const root = dirname(await folder.find(['food-101/meta', 'meta'], ['food-101.tar.gz']));
    const { allowPartial, limits } = folder;
    const [train, test] = [
      await readMeta(join(root, 'meta', 'train.json'), limits),
      await readMeta(join(root, 'meta', 'test.json'), limits),
    ];
    const classes = [...new Set(train.images.map(([, className]) => className))].sort();
    const images = join(root, 'images');
    return {
      classes,
      ...(await namedLists({ name: 'food101', classes, folder: images, train, test, allowPartial, limits })),
    };
  },
};

/** The longest has two million; what is made of JSON may take thirty times its bytes. */
const metaBytes = 2 ** 23;

/** `{ "class": ["class/1", …], … }`; classes in sorted order, images in the order of the file. */
async function readMeta(source: string, limits: ReadLimits): Promise<NamedImages> {
  let meta: unknown;
  try {
    meta = JSON.parse(await readText(source, { maximumEntryBytes: metaBytes, ...limits }));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MalformedDataError(source, `not JSON (${error.message})`, { cause: error });
  }
  if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) {
    throw new MalformedDataError(source, 'not an object of classes');
  }
  const images = Object.entries(meta as Record<string, unknown>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([className, paths]) => {
      const sound = Array.isArray(paths) && paths.every(path => typeof path === 'string');
      if (!sound) throw new MalformedDataError(source, `"${className}" is not a list of images`);
      return (paths as string[]).map(path => [`${path}.jpg`, className] as const);
    });
  return { source, images };
}
