import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { checkOptions, rules } from '@espalier/core';
import { withFileErrors } from '@espalier/core/node';
import type { ImageFiles } from '../../image/decoded-image.js';
import { imageFilesSubset } from '../../image/image-files.js';
import { keepDecoded } from '../../image/keep-decoded.js';
import { limitsOf } from '../../read-limits.js';
import { leftBehindIn, unpack } from '../archive/unpack.js';
import type { UnpackedFrom } from '../archive/unpacked-from.js';
import { cacheDirectory } from '../fetch/directories.js';
import { lookBelow } from '../images/files-below.js';
import { listedImages } from '../images/image-list.js';
import { malformedImages } from '../images/malformed-images.js';
import { isImageName } from '../passed-over.js';
import { type DamagedImage, findDamaged } from './damaged.js';
import { listFolder } from './folder-listing.js';
import { type LabeledImages, type LoadImagesOptions, loadImagesRules } from './labeled-images.js';
import { digestOf, few, type Listing, passedOver } from './listing.js';
import { isTableName } from './read-table.js';
import { classNamesOf, type LabeledImage, splitImages } from './split.js';
import { listTable } from './table-listing.js';

/**
 * Labeled images of one's own, for training and for testing: a folder of class folders; a folder with `train` and
 * `test` (or `val`, `valid`, `validation`, `dev`, `eval`; also as `training_set`) folders of class folders; a table of
 * paths and labels; or an archive of any of these (zip, tar, tar with gzip). Test images without class folders are
 * passed over, and a part of the others is tested on.
 *
 * A table has the ending `.csv` or `.tsv`. Its first row names the columns (`path`, `file`, `filename` or `image`;
 * `label` or `class`; if you like `split`), or its columns are these in this order. Paths are relative to its folder.
 * In an archive they must not lead out of it. A folder or archive in which a table lies beside one folder of images is
 * such a table.
 *
 * Where no split is given, one is made: the same for the same names of files, fraction and seed. What tools leave
 * behind, files that are no images, and images without a class are passed over and counted. Symbolic links are
 * followed, except in archives, which must not hold any. No image is decoded but with `skipDamaged`.
 *
 * @param path - Folder, table or archive.
 * @param options - Split, classes, damaged images, limits.
 * @returns Lists that keep paths and labels in memory; see {@link imageList} for what reading an image gives and
 *   throws. An image of an archive has the path `archive.zip: class/image.jpg`.
 * @throws {@link @espalier/datasets!MalformedDataError} if there are no labeled images, there is one class only and
 *   `classes` is not given, the split leaves nothing to train on, folders are parts by what they hold but not by their
 *   names, a table cannot be read, or it names an image that is not there, with two labels, or for both parts.
 * @throws {@link DataTooLargeError} if there is more than the limits allow.
 * @throws {@link UnsafeArchiveError} if an archive holds links, devices or paths that lead out of it.
 * @throws {@link FileAccessError} if the operating system refuses a file or folder.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import type { ImageFiles } from '@espalier/datasets';
 * import { loadImages } from '@espalier/datasets/node';
 *
 * export async function photographs(): Promise<readonly [ImageFiles, ImageFiles]> {
 *   const { train, test } = await loadImages('/photos/birds', { testFraction: 0.1, seed: 1 });
 *   return [train, test];
 * }
 * ```
 */
export async function loadImages(path: string, options: LoadImagesOptions = {}): Promise<LabeledImages> {
  rules.text('path', path as never);
  checkOptions(options, loadImagesRules);
  const { testFraction = 0.2, seed = 0, signal } = options;
  const listing = await listingOf(path, options);
  signal?.throwIfAborted();
  const { images, folder } = listing;
  if (images.length === 0) throw malformedImages(path, nothing(listing));
  const classes = options.classes ?? classNamesOf(images);
  if (classes.length === 1 && options.classes === undefined) {
    throw malformedImages(path, `there is one class only, ${few(classes)}, and nothing to tell it from`);
  }
  const { split, train, test, warnings } = splitImages(path, images, classes, { testFraction, seed });
  const name = options.name ?? (basename(resolve(path)) || path);
  const list = (part: string, of: readonly LabeledImage[]): ImageFiles =>
    listedImages({ ...limitsOf(options), name: `${name}/${part}`, classes, folder, images: of }, listing.from);
  const lists = keepDecoded([list('train', train), list('test', test)], {
    maximumMemory: options.keepDecoded ?? 0,
  }) as [ImageFiles, ImageFiles];
  const found = options.skipDamaged ? await withoutDamaged(path, lists, options) : { lists, damaged: [] };
  return {
    name,
    source: listing.source,
    split,
    classes,
    train: found.lists[0],
    test: found.lists[1],
    digest: digestOf(images),
    passedOver: listing.passedOver,
    damaged: found.damaged,
    warnings: [...listing.warnings, ...warnings],
  };
}

function nothing({ passedOver: { unlabeled, examples } }: Listing): string {
  if (unlabeled > 0)
    return `its ${unlabeled} images lie in no class folders, as in class/image.jpg, such as ${few(examples, 2)}`;
  const archives = examples.filter(name => /\.(zip|tar|tgz|gz|7z|rar)$/i.test(name));
  const hint = archives.length === 0 ? '' : `, but ${few(archives, 2)}, which is not unpacked; name an archive itself`;
  return `there are no images in class folders, as in class/image.jpg${hint}`;
}

const oneImage =
  'it is one image, not a folder with a folder for each class, a table or an archive; give the folder above that of its class';

async function listingOf(path: string, options: LoadImagesOptions): Promise<Listing> {
  const isFolder = (await withFileErrors(path, 'read', () => stat(path))).isDirectory();
  if (isFolder) return listingBelow(path, options);
  if (isTableName(path)) return listTable(path, options);
  if (isImageName(path)) throw malformedImages(path, oneImage);
  const { onProgress, signal } = options;
  const folder = await unpack(path, {
    ...limitsOf(options),
    cacheDirectory: options.cacheDirectory ?? cacheDirectory(),
    onProgress: done => onProgress?.({ activity: 'unpack', item: path, done }),
    ...(signal === undefined ? {} : { signal }),
  });
  return listingBelow(folder, options, { archive: path, folder });
}

async function listingBelow(folder: string, options: LoadImagesOptions, from?: UnpackedFrom): Promise<Listing> {
  const found = await lookBelow(folder, options);
  const below = from ? { ...found, passedOver: await leftBehindIn(folder) } : found;
  const listing = listFolder(folder, below, from);
  const tables = below.files.filter(isTableName);
  const depth = Math.min(...tables.map(depthOf));
  const [table, ...more] = tables.filter(file => depthOf(file) === depth);
  const classes = new Set(listing.images.map(({ className }) => className));
  if (table === undefined || more.length > 0 || depth > 2 || classes.size > 1) return listing;
  const listed = await listTable(join(folder, table), options, from);
  return { ...listed, passedOver: { ...passedOver({ leftBehind: below.passedOver, notImages: [], unlabeled: [] }) } };
}

const depthOf = (path: string): number => path.split('/').length;

async function withoutDamaged(
  path: string,
  lists: readonly [ImageFiles, ImageFiles],
  { onProgress, signal }: LoadImagesOptions,
): Promise<{ lists: readonly [ImageFiles, ImageFiles]; damaged: readonly DamagedImage[] }> {
  const total = lists[0].size + lists[1].size;
  let done = 0;
  const onChecked = (): void => {
    if (++done % 100 === 0 || done === total) onProgress?.({ activity: 'decode', item: path, done, total });
  };
  const damaged: DamagedImage[] = [];
  const sound: ImageFiles[] = [];
  for (const files of lists) {
    const found = await findDamaged(files, { onChecked, signal });
    damaged.push(...[...found].sort(([a], [b]) => a - b).map(([, image]) => image));
    const indices = Array.from({ length: files.size }, (_, index) => index).filter(index => !found.has(index));
    sound.push(found.size === 0 ? files : imageFilesSubset(files, indices, files.name));
  }
  if (damaged.length === total) {
    throw malformedImages(path, `none of its ${total} images can be decoded, such as ${few([damaged[0]?.path ?? ''])}`);
  }
  return { lists: sound as [ImageFiles, ImageFiles], damaged };
}
