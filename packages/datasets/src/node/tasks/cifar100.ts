import { join } from 'node:path';
import { cifar100Normalization } from '../../batch/normalization.js';
import { cifar100Dataset } from '../../formats/cifar.js';
import { imageFilesOf } from '../../image/image-files.js';
import { memoryBudget } from '../../memory-budget.js';
import { readWhole } from '../file-system.js';
import { readLines } from './read-text.js';
import { addresses, type TaskSource } from './task-source.js';

const archive = 'cifar-100-binary.tar.gz';
const mirrors = ['https://www.cs.toronto.edu/~kriz/'];
const files = [{ name: archive, md5: '03b5dce01913d631647c71ecec9e9cb8' }];

/** CIFAR-100 (Krizhevsky 2009) with its fine labels, in memory as bytes. */
export const cifar100: TaskSource = {
  description: {
    name: 'cifar100',
    title: 'CIFAR-100',
    classCount: 100,
    trainSize: 50_000,
    testSize: 10_000,
    metric: 'top-1',
    learningRateFull: 0.001,
    normalization: cifar100Normalization,
    downloads: addresses({ mirrors, files }),
    layout: 'cifar-100-binary.tar.gz, or its folder cifar-100-binary with train.bin, test.bin and fine_label_names.txt',
  },
  mirrors,
  files,
  read: async folder => {
    const root = await folder.find(['cifar-100-binary'], [archive]);
    const { limits } = folder;
    const classes = (await readLines(join(root, 'fine_label_names.txt'), limits)).map(line => line.trim());
    const budget = memoryBudget(limits.maximumMemory ?? 2 ** 31);
    const part = async (name: string) => {
      // 50,000 records of 3,074 bytes are 154 MB.
      const path = join(root, `${name}.bin`);
      const bytes = await readWhole(path, limits.maximumEntryBytes ?? 2 ** 28);
      budget.keep(2 * bytes.length, path);
      return imageFilesOf(cifar100Dataset(bytes, `cifar100/${name}`, classes));
    };
    return { classes, train: await part('train'), test: await part('test') };
  },
};
