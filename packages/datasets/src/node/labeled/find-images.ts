import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { checkOptions, type OptionRules, rules } from '@espalier/core';
import { withFileErrors } from '@espalier/core/node';
import type { ImageFiles } from '../../image/decoded-image.js';
import { imageFilesSubset } from '../../image/image-files.js';
import { keepDecoded } from '../../image/keep-decoded.js';
import { limitsOf, type ReadLimits, readLimitRules } from '../../read-limits.js';
import { lookBelow } from '../images/files-below.js';
import { imageList } from '../images/image-list.js';
import { malformedImages } from '../images/malformed-images.js';
import { isImageName } from '../passed-over.js';
import { type DamagedImage, findDamaged } from './damaged.js';
import { type PassedOver, passedOver } from './listing.js';

/** How {@link findImages} looks. */
export interface FindImagesOptions extends ReadLimits {
  /**
   * Reads every image once and leaves out the ones that cannot be decoded. Otherwise a damaged image is an error when
   * it is read.
   *
   * @defaultValue false
   */
  readonly skipDamaged?: boolean | undefined;
  /**
   * Bytes of decoded images that are kept, as {@link keepDecoded} does.
   *
   * @defaultValue 0
   */
  readonly keepDecoded?: number | undefined;
  /** Ends the looking. */
  readonly signal?: AbortSignal | undefined;
}

/** Images without labels. */
export interface FoundImages {
  /** All of them, under the one label 0. */
  readonly files: ImageFiles;
  /** Images that were left out, with `skipDamaged`. */
  readonly damaged: readonly DamagedImage[];
  /** Files in folders that are no images. */
  readonly passedOver: PassedOver;
}

const findImagesRules: OptionRules<FindImagesOptions> = {
  ...readLimitRules,
  skipDamaged: rules.optional(rules.boolean),
  keepDecoded: rules.optional(rules.integer({ from: 0 })),
  signal: rules.optional(rules.signal),
};

/**
 * Images without labels, for predictions: files as they are named, whatever their ending, and all images below folders,
 * in the order of their paths.
 *
 * @param paths - Files and folders.
 * @param options - Damaged images, limits.
 * @returns A list whose paths are as the caller named them.
 * @throws {@link @espalier/datasets!MalformedDataError} if there is no image.
 * @throws {@link FileAccessError} if a file or folder is not there, or the operating system refuses it.
 * @throws {@link DataTooLargeError} if there are more files than the limits allow.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import { findImages } from '@espalier/datasets/node';
 *
 * export async function count(folder: string): Promise<number> {
 *   return (await findImages([folder])).files.size;
 * }
 * ```
 */
export async function findImages(paths: readonly string[], options: FindImagesOptions = {}): Promise<FoundImages> {
  rules.list(rules.text)('paths', paths as never);
  checkOptions(options, findImagesRules);
  const { skipDamaged = false, signal } = options;
  const found: string[] = [];
  const groups = { leftBehind: [] as string[], notImages: [] as string[], unlabeled: [] };
  for (const path of paths) {
    const isFolder = (await withFileErrors(path, 'read', () => stat(path))).isDirectory();
    if (!isFolder) {
      found.push(path);
      continue;
    }
    const below = await lookBelow(path, options);
    for (const file of below.files) (isImageName(file) ? found : groups.notImages).push(join(path, file));
    for (const file of below.passedOver) groups.leftBehind.push(join(path, file));
  }
  if (found.length === 0) throw malformedImages(paths.join(', '), 'there are no images');
  const list = imageList({
    ...limitsOf(options),
    name: 'images',
    classes: ['image'],
    folder: '.',
    images: found.map(path => ({ path: relative('.', path), label: 0 })),
  });
  const named: ImageFiles = { ...list, path: index => found[index] ?? list.path(index) };
  const [files = named] = keepDecoded([named], { maximumMemory: options.keepDecoded ?? 0 });
  if (!skipDamaged) return { files, damaged: [], passedOver: passedOver(groups) };
  const damaged = await findDamaged(files, { signal });
  const sound = found.flatMap((_, index) => (damaged.has(index) ? [] : [index]));
  return {
    files: imageFilesSubset(files, sound, files.name),
    damaged: [...damaged].sort(([a], [b]) => a - b).map(([, image]) => image),
    passedOver: passedOver(groups),
  };
}
