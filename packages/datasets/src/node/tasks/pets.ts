import { join } from 'node:path';
import { imagenetNormalization } from '../../batch/normalization.js';
import { MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { readLines } from './read-text.js';
import { addresses, type TaskSource } from './task-source.js';
import { type NamedImages, namedLists } from './text-lists.js';

const mirrors = ['https://www.robots.ox.ac.uk/~vgg/data/pets/data/'];
const files = [
  { name: 'images.tar.gz', md5: '5c4f3ee8e5d25df40f4fd59a7f44e54c', maximumBytes: 2 ** 31 },
  { name: 'annotations.tar.gz', md5: '95a8c909bbe2e81eed6a22bccdf3f68f' },
];

/**
 * Oxford-IIIT Pets (Parkhi et al. 2012), by breed: `images/<Breed>_N.jpg`, lists `annotations/{trainval,test}.txt` with
 * lines of an image, its class counted from 1, its species and its number within the species.
 */
export const pets: TaskSource = {
  description: {
    name: 'pets',
    title: 'Oxford-IIIT Pets',
    classCount: 37,
    trainSize: 3680,
    testSize: 3669,
    metric: 'mean-per-class',
    learningRateFull: 0.001,
    normalization: imagenetNormalization,
    downloads: addresses({ mirrors, files }),
    layout: 'images.tar.gz and annotations.tar.gz, or their folders images and annotations',
  },
  mirrors,
  files,
  read: async folder => {
    const annotations = await folder.find(['annotations'], ['annotations.tar.gz']);
    const images = await folder.find(['images'], ['images.tar.gz']);
    const { allowPartial, limits } = folder;
    const breeds = new Map<number, string>();
    const train = await readList(join(annotations, 'trainval.txt'), breeds, limits);
    const test = await readList(join(annotations, 'test.txt'), breeds, limits);
    const classes = [...breeds].sort(([a], [b]) => a - b).map(([, breed]) => breed);
    return {
      classes,
      ...(await namedLists({ name: 'pets', classes, folder: images, train, test, allowPartial, limits })),
    };
  },
};

/** Reads one list, and adds to the breeds by number. */
async function readList(source: string, breeds: Map<number, string>, limits: ReadLimits): Promise<NamedImages> {
  const images = (await readLines(source, limits))
    .filter(line => !line.startsWith('#'))
    .map(line => {
      const match = /^((.+)_\d+)\s+(\d+)(\s|$)/.exec(line);
      if (match === null) throw new MalformedDataError(source, `"${line}" is not an image and its class`);
      const [breed, number] = [match[2]!, Number(match[3])];
      const known = breeds.get(number) ?? breed;
      if (known !== breed) throw new MalformedDataError(source, `class ${number} is ${known} and ${breed}`);
      breeds.set(number, breed);
      return [`${match[1]}.jpg`, breed] as const;
    });
  return { source, images };
}
