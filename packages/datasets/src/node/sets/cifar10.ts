import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkOptions, type OptionRules, rules } from '@espalier/core';
import type { Dataset, Split } from '../../batch/dataset.js';
import { cifar10Normalization } from '../../batch/normalization.js';
import { MalformedDataError } from '../../errors.js';
import { cifar10Classes, cifar10Dataset } from '../../formats/cifar.js';
import { type MemoryBudget, memoryBudget } from '../../memory-budget.js';
import { chosen } from '../../option-rules.js';
import { limitsOf, type ReadLimits, readLimitRules } from '../../read-limits.js';
import { archiveEntries } from '../archive/archive.js';
import { MissingDataError } from '../errors.js';
import { readWhole } from '../file-system.js';
import { imageFolderArchive } from '../images/image-folder.js';
import { obtain } from './obtain.js';
import { type ObtainOptions, obtainRules } from './obtain-options.js';

const archiveName = 'cifar-10-binary.tar.gz';
const trainFiles = [1, 2, 3, 4, 5].map(batch => `data_batch_${batch}.bin`);
const testFile = 'test_batch.bin';

/**
 * CIFAR-10: 50,000 color photographs of ten kinds of thing to train on and 10,000 to test on, 32x32x3.
 *
 * Looks in the folder `cifar10` of the data directory, then of the cache, in any of the forms that
 * {@link cifar10FromFolder} reads, then downloads the binary version into the cache (170 MB, checked by MD5).
 *
 * @param options - Directories, whether to download, mirrors, progress, signal.
 * @returns Both parts in memory, 185 MB.
 * @throws {@link MissingDataError} if the files are nowhere, and may not or cannot be downloaded; says where it looked.
 * @throws {@link MalformedDataError} if files that were found are damaged.
 * @throws The signal's reason if it is aborted.
 * @see Krizhevsky 2009, "Learning multiple layers of features from tiny images",
 * {@link https://www.cs.toronto.edu/~kriz/cifar.html}.
 *
 * @example
 * ```ts
 * import type { Split } from '@espalier/datasets';
 * import { cifar10 } from '@espalier/datasets/node';
 *
 * export const localOnly = (): Promise<Split> => cifar10({ download: false });
 * ```
 */
export async function cifar10(options: ObtainOptions = {}): Promise<Split> {
  checkOptions(options, obtainRules);
  const reading = chosen<Cifar10FolderOptions>(options, cifar10FolderRules);
  const source = {
    dataset: 'cifar10',
    mirrors: ['https://www.cs.toronto.edu/~kriz/'],
    files: [{ name: archiveName, md5: 'c32a1d4ab5d03f1284b67883e8d87530' }],
    fromFolder: (folder: string) => cifar10FromFolder(folder, reading),
  };
  return obtain(source, options);
}

/**
 * CIFAR-10 from a folder that holds the binary version (`cifar-10-binary.tar.gz`, or its six `.bin` files), or
 * `train.tar.gz` and `test.tar.gz` with one folder of 32x32 images for each class, named as in {@link cifar10Classes}.
 *
 * @param folder - Directory with the files.
 * @param options - Limits, cache for decoded images, progress, signal.
 * @returns Both parts in memory. Images of JPEG archives differ from the original pixels by the compression.
 * @throws {@link MissingDataError} if the folder holds none of these.
 * @throws {@link MalformedDataError} if a file is damaged.
 * @throws {@link DataTooLargeError} if it asks for more than the limits allow.
 * @throws {@link FileAccessError} if the operating system refuses a file.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import type { Split } from '@espalier/datasets';
 * import { cifar10FromFolder } from '@espalier/datasets/node';
 *
 * export const read = (): Promise<Split> => cifar10FromFolder('/data/cifar10');
 * ```
 */
export async function cifar10FromFolder(folder: string, options: Cifar10FolderOptions = {}): Promise<Split> {
  rules.text('folder', folder as never);
  checkOptions(options, cifar10FolderRules);
  const archive = join(folder, archiveName);
  if (existsSync(archive)) return split(await readBinaryArchive(archive, options), archive);
  for (const directory of [join(folder, 'cifar-10-batches-bin'), folder]) {
    if (existsSync(join(directory, testFile))) return split(await readBinaryFiles(directory, options), directory);
  }
  const [train, test] = [join(folder, 'train.tar.gz'), join(folder, 'test.tar.gz')];
  if (!existsSync(train) || !existsSync(test)) {
    const looked = [`${folder} (no ${archiveName}, no ${testFile}, no train.tar.gz with test.tar.gz)`];
    throw new MissingDataError('cifar10', looked, `Put ${archiveName} there`);
  }
  const read = (path: string, part: string): Promise<Dataset> =>
    imageFolderArchive(path, {
      ...options,
      name: `cifar10/${part}`,
      shape: [32, 32, 3],
      classes: cifar10Classes,
      onProgress: done => options.onProgress?.({ activity: 'decode', item: path, done }),
    });
  return { train: await read(train, 'train'), test: await read(test, 'test'), normalization: cifar10Normalization };
}

/** Limits, cache for decoded images, progress, signal. */
type Cifar10FolderOptions = ReadLimits & Pick<ObtainOptions, 'cacheDirectory' | 'onProgress' | 'signal'>;

const cifar10FolderRules: OptionRules<Cifar10FolderOptions> = {
  ...readLimitRules,
  cacheDirectory: obtainRules.cacheDirectory,
  onProgress: obtainRules.onProgress,
  signal: obtainRules.signal,
};

type Files = ReadonlyMap<string, Uint8Array>;

function split(files: Files, source: string): Split {
  const file = (name: string): Uint8Array => {
    const found = files.get(name);
    if (found === undefined) throw new MalformedDataError(source, `${name} is missing`);
    return found;
  };
  return {
    train: cifar10Dataset(trainFiles.map(file), 'cifar10/train'),
    test: cifar10Dataset([file(testFile)], 'cifar10/test'),
    normalization: cifar10Normalization,
  };
}

/** The archive has 8 files, 30,730,000 bytes each where it matters. */
const limits: ReadLimits = { maximumEntries: 100, maximumEntryBytes: 2 ** 25, maximumTotalBytes: 2 ** 28 };

/** The bytes are held twice, as they are in the files and as pixels. */
const budgetOf = ({ maximumMemory = 2 ** 31 }: ReadLimits): MemoryBudget => memoryBudget(maximumMemory);

async function readBinaryArchive(path: string, options: Cifar10FolderOptions): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  const budget = budgetOf(options);
  for await (const entry of archiveEntries(path, { ...limits, ...limitsOf(options) }, options.signal)) {
    const name = entry.name.split('/').at(-1)!;
    if (name !== testFile && !trainFiles.includes(name)) continue;
    if (files.has(name)) throw new MalformedDataError(path, `${name} is in it twice`);
    budget.keep(2 * entry.size, path);
    files.set(name, await entry.read());
  }
  return files;
}

async function readBinaryFiles(directory: string, options: Cifar10FolderOptions): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  const budget = budgetOf(options);
  for (const name of [...trainFiles, testFile]) {
    const path = join(directory, name);
    if (!existsSync(path)) continue;
    const bytes = await readWhole(path, options.maximumEntryBytes ?? 2 ** 25);
    budget.keep(2 * bytes.length, path);
    files.set(name, bytes);
  }
  return files;
}
