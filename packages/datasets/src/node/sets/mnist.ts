import { join } from 'node:path';
import { checkOptions, rules } from '@espalier/core';
import type { Dataset, Split } from '../../batch/dataset.js';
import { mnistNormalization } from '../../batch/normalization.js';
import { DataTooLargeError } from '../../errors.js';
import { gunzip } from '../../formats/gunzip.js';
import { idxDataset } from '../../formats/idx.js';
import { memoryBudget } from '../../memory-budget.js';
import { limitsOf, type ReadLimits, readLimitRules } from '../../read-limits.js';
import { MissingDataError } from '../errors.js';
import { isMissing, readWhole } from '../file-system.js';
import { obtain } from './obtain.js';
import { type ObtainOptions, obtainRules } from './obtain-options.js';

const files = [
  { name: 'train-images-idx3-ubyte.gz', md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873' },
  { name: 'train-labels-idx1-ubyte.gz', md5: 'd53e105ee54ea40749a09fcbcd1e9432' },
  { name: 't10k-images-idx3-ubyte.gz', md5: '9fb629c4189551a2d022fa330f9573f3' },
  { name: 't10k-labels-idx1-ubyte.gz', md5: 'ec29112dd5afa0611ce80d1b7f02629c' },
] as const;

const mirrors = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

/**
 * MNIST: 60,000 handwritten digits to train on and 10,000 to test on, 28x28x1.
 *
 * Looks for the four IDX files in the folder `mnist` of the data directory, then of the cache, then downloads them into
 * the cache (11 MB, checked by MD5).
 *
 * @param options - Directories, whether to download, mirrors, progress, signal.
 * @returns Both parts in memory, 55 MB.
 * @throws {@link MissingDataError} if the files are nowhere, and may not or cannot be downloaded; says where it looked.
 * @throws {@link MalformedDataError} if files that were found are damaged.
 * @throws The signal's reason if it is aborted.
 * @see LeCun et al. 1998, {@link http://yann.lecun.com/exdb/mnist/}.
 *
 * @example
 * ```ts
 * import type { Split } from '@espalier/datasets';
 * import { mnist } from '@espalier/datasets/node';
 *
 * export const localOnly = (): Promise<Split> => mnist({ download: false });
 * ```
 */
export async function mnist(options: ObtainOptions = {}): Promise<Split> {
  checkOptions(options, obtainRules);
  const fromFolder = (folder: string): Promise<Split> => mnistFromFolder(folder, limitsOf(options));
  return obtain({ dataset: 'mnist', mirrors, files, fromFolder }, options);
}

/**
 * MNIST, or any dataset in its format such as Fashion-MNIST, from a folder with its four files:
 * `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each
 * with or without `.gz`.
 *
 * @param folder - Directory with the files.
 * @param limits - How large files may be.
 * @returns Both parts in memory; the normalization is MNIST's.
 * @throws {@link MissingDataError} if a file is not there.
 * @throws {@link MalformedDataError} if a file is damaged.
 * @throws {@link DataTooLargeError} if a file has more bytes after decompression than allowed.
 * @throws {@link FileAccessError} if the operating system refuses a file.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if a limit is unknown or out of range.
 *
 * @example
 * ```ts
 * import type { Split } from '@espalier/datasets';
 * import { mnistFromFolder } from '@espalier/datasets/node';
 *
 * export const fashion = (): Promise<Split> => mnistFromFolder('/data/fashion-mnist');
 * ```
 */
export async function mnistFromFolder(folder: string, limits: ReadLimits = {}): Promise<Split> {
  rules.text('folder', folder as never);
  checkOptions(limits, readLimitRules);
  const budget = memoryBudget(limits.maximumMemory ?? 2 ** 31);
  const read = async (name: string): Promise<Uint8Array> => {
    const bytes = await readPacked(folder, name, limits);
    budget.keep(bytes.length, join(folder, name));
    return bytes;
  };
  const part = async (prefix: string, name: string): Promise<Dataset> => {
    const images = await read(`${prefix}-images-idx3-ubyte`);
    const labels = await read(`${prefix}-labels-idx1-ubyte`);
    return idxDataset(images, labels, name);
  };
  const [train, test] = [await part('train', 'mnist/train'), await part('t10k', 'mnist/test')];
  return { train, test, normalization: mnistNormalization };
}

async function readPacked(folder: string, name: string, limits: ReadLimits): Promise<Uint8Array> {
  // MNIST's largest file has 47,040,016 bytes.
  const { maximumEntryBytes = 2 ** 26, maximumMemory = 2 ** 31 } = limits;
  const maximumBytes = Math.min(maximumEntryBytes, maximumMemory);
  for (const path of [join(folder, `${name}.gz`), join(folder, name)]) {
    try {
      return await gunzip(await readWhole(path, maximumEntryBytes), { source: path, maximumBytes });
    } catch (error) {
      if (isMissing(error)) continue;
      if (!(error instanceof DataTooLargeError)) throw error;
      const option = maximumBytes === maximumEntryBytes ? 'maximumEntryBytes' : 'maximumMemory';
      throw new DataTooLargeError(error.source, error.what, error.limit, option);
    }
  }
  throw new MissingDataError('mnist', [`${folder} (no ${name}.gz)`], 'Put the four IDX files there');
}
