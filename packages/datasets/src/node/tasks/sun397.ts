import { dirname, join } from 'node:path';
import { imagenetNormalization } from '../../batch/normalization.js';
import { readLines } from './read-text.js';
import { addresses, type TaskSource } from './task-source.js';
import { type NamedImages, namedLists } from './text-lists.js';

const mirrors = ['https://vision.princeton.edu/projects/2010/SUN/'];
const files = [
  // Small, and without a checksum from its authors; first, so that a site that is gone is found out before 37 GB.
  { name: 'download/Partitions.zip', maximumBytes: 2 ** 26 },
  { name: 'SUN397.tar.gz', md5: '8ca2778205c41d23104230ba66911c7a', maximumBytes: 2 ** 36 },
];

/**
 * SUN397 (Xiao et al. 2010): `SUN397/<letter>/<class>[/<kind>]/sun_*.jpg`. Ten partitions of 50 + 50 images of each
 * class in `Partitions.zip`: `Training_01.txt`, `Testing_01.txt` and so on, with lines that begin with `/`; the classes
 * are in `ClassName.txt`.
 */
export const sun397: TaskSource = {
  description: {
    name: 'sun397',
    title: 'SUN397',
    classCount: 397,
    trainSize: 19_850,
    testSize: 19_850,
    metric: 'top-1',
    learningRateFull: 0.001,
    normalization: imagenetNormalization,
    downloads: addresses({ mirrors, files }),
    layout:
      'SUN397.tar.gz or its folder SUN397, and Partitions.zip (or download/Partitions.zip) or its files ClassName.txt, ' +
      'Training_01.txt, Testing_01.txt and so on',
  },
  mirrors,
  files,
  read: async (folder, { fold }) => {
    const number = String(fold).padStart(2, '0');
    const [trainFile, testFile] = [`Training_${number}.txt`, `Testing_${number}.txt`];
    // The archive's files lie at its top or in a folder.
    const partitions = dirname(
      await folder.find([trainFile, `Partitions/${trainFile}`], ['Partitions.zip', 'download/Partitions.zip']),
    );
    const images = await folder.find(['SUN397'], ['SUN397.tar.gz']);
    const { allowPartial, limits } = folder;
    const classes = (await readLines(join(partitions, 'ClassName.txt'), limits)).map(withoutSlash);
    const listed = async (name: string): Promise<NamedImages> => {
      const paths = (await readLines(join(partitions, name), limits)).map(withoutSlash);
      return { source: join(partitions, name), images: paths.map(path => [path, dirname(path)] as const) };
    };
    const [train, test] = [await listed(trainFile), await listed(testFile)];
    return {
      classes,
      ...(await namedLists({ name: 'sun397', classes, folder: images, train, test, allowPartial, limits })),
    };
  },
};

const withoutSlash = (line: string): string => line.trim().replace(/^\//, '');
