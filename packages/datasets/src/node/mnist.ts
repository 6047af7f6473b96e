import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, Split } from '../dataset.js';
import { gunzip } from '../gunzip.js';
import { idxDataset } from '../idx.js';
import { mnistNormalisation } from '../normalisation.js';
import { MissingDataError } from './errors.js';
import { type ObtainOptions, obtain } from './obtain.js';

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

/** More than MNIST's largest file, 47,040,016 bytes. */
const maximumBytes = 2 ** 26;

/**
 * MNIST: 60,000 handwritten digits to train on and 10,000 to test on, 28x28x1.
 *
 * Looks for the four IDX files in the folder `mnist` of the data directory, then of the cache, then downloads them into the
 * cache (11 MB, checked by MD5).
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
export function mnist(options: ObtainOptions = {}): Promise<Split> {
  return obtain({ dataset: 'mnist', mirrors, files, fromFolder: mnistFromFolder }, options);
}

/**
 * MNIST, or any dataset in its format such as Fashion-MNIST, from a folder with its four files: `train-images-idx3-ubyte`,
 * `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each with or without `.gz`.
 *
 * @param folder - Directory with the files.
 * @returns Both parts in memory; the normalisation is MNIST's.
 * @throws {@link MissingDataError} if a file is not there.
 * @throws {@link MalformedDataError} if a file is damaged.
 * @throws {@link DataTooLargeError} if a file has over 64 MiB after decompression.
 *
 * @example
 * ```ts
 * import type { Split } from '@espalier/datasets';
 * import { mnistFromFolder } from '@espalier/datasets/node';
 *
 * export const fashion = (): Promise<Split> => mnistFromFolder('/data/fashion-mnist');
 * ```
 */
export async function mnistFromFolder(folder: string): Promise<Split> {
  const part = async (prefix: string, name: string): Promise<Dataset> => {
    const images = await readPacked(folder, `${prefix}-images-idx3-ubyte`);
    const labels = await readPacked(folder, `${prefix}-labels-idx1-ubyte`);
    return idxDataset(images, labels, name);
  };
  const [train, test] = [await part('train', 'mnist/train'), await part('t10k', 'mnist/test')];
  return { train, test, normalisation: mnistNormalisation };
}

async function readPacked(folder: string, name: string): Promise<Uint8Array> {
  for (const path of [join(folder, `${name}.gz`), join(folder, name)]) {
    try {
      return await gunzip(await readFile(path), { source: path, maximumBytes });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new MissingDataError('mnist', [`${folder} (no ${name}.gz)`], 'Put the four IDX files there');
}
