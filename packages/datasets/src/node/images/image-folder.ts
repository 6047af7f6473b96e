import { join } from 'node:path';
import { checkOptions, rules } from '@espalier/core';
import { withFileErrors } from '@espalier/core/node';
import type { Dataset } from '../../batch/dataset.js';
import { byteDataset } from '../../formats/byte-dataset.js';
import { sha256OfFile } from '../fetch/checksum.js';
import { cacheDirectory } from '../fetch/directories.js';
import { requireFile } from '../file-system.js';
import { decodeArchive } from './decode-archive.js';
import { type DecodedImages, readDecoded, writeDecoded } from './decoded-cache.js';
import { type ImageFolderOptions, imageFolderRules } from './image-folder-options.js';
import { warnOnce } from './warn-once.js';

/**
 * Dataset out of an archive, tar (plain or gzip) or zip, with one folder for each class: `…/class/image.jpg`, at any
 * depth; the folder that an image lies in is its class.
 *
 * The archive is streamed and never unpacked to disk. Images are ordered by their paths. Passed over are files that no
 * image's ending is the end of, files that lie in no folder, and what tools leave behind: names that begin with a dot,
 * `__MACOSX`, `Thumbs.db` and the like. A folder without images is no class. Decoding 50,000 JPEGs of 32x32 takes about
 * 14 s on two cores, so the pixels are kept in a cache file named after the archive's SHA-256; if that cannot be
 * written, a warning says so once.
 *
 * @param path - The archive.
 * @param options - Name, shape, classes, limits, cache.
 * @returns A dataset in memory, one byte a value.
 * @throws {@link MalformedDataError} if the archive is damaged, an image cannot be read or has another size, a folder
 * is no class, or there are no images.
 * @throws {@link DataTooLargeError} if the archive asks for more than the limits allow.
 * @throws {@link UnsafeArchiveError} if it holds links, devices or paths that lead out of it.
 * @throws {@link FileAccessError} if the operating system refuses the archive.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import type { Dataset } from '@espalier/datasets';
 * import { imageFolderArchive } from '@espalier/datasets/node';
 *
 * export const readTest = (): Promise<Dataset> =>
 *   imageFolderArchive('/data/cifar10/test.tar.gz', { name: 'cifar10/test', shape: [32, 32, 3] });
 * ```
 */
export async function imageFolderArchive(path: string, options: ImageFolderOptions): Promise<Dataset> {
  rules.text('path', path as never);
  checkOptions(options, imageFolderRules);
  const { name, shape, maximumPerClass = Number.POSITIVE_INFINITY, maximumMemory = 2 ** 31 } = options;
  const directory = options.cacheDirectory ?? cacheDirectory();
  if (directory === false) return dataset(name, await decodeArchive(path, options));
  await requireFile(path);
  const what = [...shape, maximumPerClass === Number.POSITIVE_INFINITY ? 'all' : maximumPerClass].join('x');
  const archive = await withFileErrors(path, 'read', () => sha256OfFile(path));
  const kept = join(directory, 'decoded', `${archive}-${what}.bin`);
  const found = await readDecoded(kept, maximumMemory);
  if (found !== undefined && sameClasses(found.classes, options.classes)) return dataset(name, found);
  const decoded = await decodeArchive(path, options);
  await writeDecoded(kept, decoded).catch((error: unknown) => {
    warnOnce(`The decoded images of ${path} are not kept for the next time: ${(error as Error).message}`);
  });
  return dataset(name, decoded);
}

const dataset = (name: string, decoded: DecodedImages): Dataset => byteDataset({ name, ...decoded });

const sameClasses = (found: readonly string[], wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || JSON.stringify(found) === JSON.stringify(wanted);
