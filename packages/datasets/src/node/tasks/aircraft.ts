import { dirname, join } from 'node:path';
import { imagenetNormalization } from '../../batch/normalization.js';
import { MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { readLines } from './read-text.js';
import { addresses, type TaskSource } from './task-source.js';
import { type NamedImages, namedLists } from './text-lists.js';

const mirrors = ['https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/archives/'];
// Its authors give no checksum.
const files = [{ name: 'fgvc-aircraft-2013b.tar.gz', maximumBytes: 2 ** 33 }];

/**
 * FGVC-Aircraft (Maji et al. 2013), by variant: `data/images/NNNNNNN.jpg`, lists with lines of an image and its
 * variant, whose name may hold spaces. The official split cuts off the 20 rows of credits at the bottom, as its readme
 * asks for; the studies of transfer keep them.
 */
export const aircraft: TaskSource = {
  description: {
    name: 'aircraft',
    title: 'FGVC-Aircraft',
    classCount: 100,
    trainSize: 6667,
    testSize: 3333,
    metric: 'mean-per-class',
    learningRateFull: 0.01,
    normalization: imagenetNormalization,
    downloads: addresses({ mirrors, files }),
    layout:
      'fgvc-aircraft-2013b.tar.gz, or its folder data with images, variants.txt, images_variant_{trainval,test}.txt',
  },
  mirrors,
  files,
  read: async (folder, { split }) => {
    const variants = await folder.find(
      ['fgvc-aircraft-2013b/data/variants.txt', 'data/variants.txt'],
      ['fgvc-aircraft-2013b.tar.gz'],
    );
    const data = dirname(variants);
    const { allowPartial, limits } = folder;
    const classes = await readLines(variants, limits);
    const listed = (part: string): Promise<NamedImages> => readList(join(data, `images_variant_${part}.txt`), limits);
    const parts = await namedLists({
      name: 'aircraft',
      classes,
      folder: join(data, 'images'),
      train: await listed('trainval'),
      test: await listed('test'),
      allowPartial,
      limits,
      cutBottom: split === 'official' ? 20 : 0,
    });
    return { classes, ...parts };
  },
};

async function readList(source: string, limits: ReadLimits): Promise<NamedImages> {
  const images = (await readLines(source, limits)).map(line => {
    const match = /^(\S+)\s+(.+?)\s*$/.exec(line);
    if (match === null) throw new MalformedDataError(source, `"${line}" is not an image and its variant`);
    return [`${match[1]}.jpg`, match[2]!] as const;
  });
  return { source, images };
}
