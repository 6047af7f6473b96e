import { imagenetNormalization } from '../../batch/normalization.js';
import { MalformedDataError } from '../../errors.js';
import { filesBelow } from '../images/files-below.js';
import { imageList } from '../images/image-list.js';
import { readMat } from '../mat5/read-mat.js';
import { countingNumbers } from '../mat5/value.js';
import type { TaskParts } from './task.js';
import { addresses, present, type TaskFolder, type TaskSource } from './task-source.js';

const mirrors = ['https://www.robots.ox.ac.uk/~vgg/data/flowers/102/'];
const files = [
  { name: '102flowers.tgz', md5: '52808999861908f626f3c1f4e79d11fa' },
  { name: 'imagelabels.mat', md5: 'e0620be6f572b9609742df49c70aed4d' },
  { name: 'setid.mat', md5: 'a5357ecc9cb78c4bef273ce3793fc85c' },
];

/**
 * Flowers-102 (Nilsback and Zisserman 2008): `image_NNNNN.jpg`, labels and parts as MAT-files, counted from 1. The
 * parts for training and for validation train, as in the studies of transfer. The classes have numbers, no names.
 */
export const flowers102: TaskSource = {
  description: {
    name: 'flowers102',
    title: 'Oxford Flowers-102',
    classCount: 102,
    trainSize: 2040,
    testSize: 6149,
    metric: 'mean-per-class',
    learningRateFull: 0.001,
    normalization: imagenetNormalization,
    downloads: addresses({ mirrors, files }),
    layout: 'imagelabels.mat, setid.mat and 102flowers.tgz or the folder jpg with image_00001.jpg and so on',
  },
  mirrors,
  files,
  read: async folder => {
    const [labelFile, partFile] = [await folder.find(['imagelabels.mat']), await folder.find(['setid.mat'])];
    const root = await folder.find(['jpg'], ['102flowers.tgz']);
    const { limits } = folder;
    const labels = (await readMat(labelFile, limits)).get('labels');
    const classOf = countingNumbers(
      labels,
      { most: 102, count: limits.maximumEntries ?? 2 ** 20 },
      labelFile,
      'labels',
    );
    const parts = await readMat(partFile, limits);
    const images = { most: classOf.length, count: classOf.length };
    const ids = (name: string): number[] => countingNumbers(parts.get(name), images, partFile, name);
    const [train, test] = [[...ids('trnid'), ...ids('valid')], ids('tstid')];
    const both = new Set(train);
    const shared = test.find(id => both.has(id));
    if (shared !== undefined) throw new MalformedDataError(partFile, `image ${shared} is for training and for testing`);
    return lists(folder, root, partFile, classOf, { train, test });
  },
};

async function lists(
  { allowPartial, limits }: TaskFolder,
  root: string,
  source: string,
  classOf: readonly number[],
  ids: Record<'train' | 'test', readonly number[]>,
): Promise<TaskParts> {
  const classes = Array.from({ length: Math.max(0, ...new Set(classOf)) }, (_, label) => String(label + 1));
  const there = new Set(await filesBelow(root, limits));
  const list = (part: 'train' | 'test') => {
    const images = ids[part].map(id => ({
      path: `image_${String(id).padStart(5, '0')}.jpg`,
      label: classOf[id - 1]! - 1,
    }));
    return imageList({
      ...limits,
      name: `flowers102/${part}`,
      classes,
      folder: root,
      images: present(images, there, source, allowPartial),
    });
  };
  return { classes, train: list('train'), test: list('test') };
}
