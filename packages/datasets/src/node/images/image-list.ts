import { join } from 'node:path';
import { checkOptions, type OptionRule, type OptionRules, rules } from '@espalier/core';
import { MalformedDataError } from '../../errors.js';
import { cropImage, type DecodedImage, type ImageFiles } from '../../image/decoded-image.js';
import { type MemoryBudget, memoryBudget } from '../../memory-budget.js';
import { classesRule } from '../../option-rules.js';
import { type ReadLimits, readLimitRules } from '../../read-limits.js';
import { sourceName, type UnpackedFrom } from '../archive/unpacked-from.js';
import { MissingDataError } from '../errors.js';
import { isMissing, readWhole, requireFile } from '../file-system.js';
import { decodePixels } from './decode.js';
import { readImageHeader } from './image-header.js';

/** One image of a list. */
export interface ListedImage {
  /** Path below the list's folder, with forward slashes. */
  readonly path: string;
  /** Index into the classes. */
  readonly label: number;
}

/** What {@link imageList} is made of. */
export interface ImageListOptions extends ReadLimits {
  /** Name of the list. */
  readonly name: string;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Folder that the paths begin at. */
  readonly folder: string;
  /** The images, in their order. */
  readonly images: readonly ListedImage[];
  /**
   * Rows at the bottom of every image that are cut off, such as a line of credits.
   *
   * @defaultValue 0
   */
  readonly cutBottom?: number | undefined;
}

/**
 * Image files of a folder, by a list. Files are opened when they are read: JPEG, PNG, GIF, WebP, TIFF or AVIF, whatever
 * their names end in; of several pages or frames the first. Gray becomes gray in three channels, transparency is
 * dropped, embedded color profiles and orientations are not applied, as with `Image.open(path).convert('RGB')` in
 * Pillow, from which the pixels of a JPEG differ by at most 1 of 255.
 *
 * @param options - Folder, images, classes.
 * @returns A list that keeps paths and labels in memory, no pixels. Reading a file that is damaged, gone, too large or
 * refused by the system is an error with its path and the code `MALFORMED_DATA`, `MISSING_DATA`, `DATA_TOO_LARGE` or
 * `FILE_ACCESS`. Of images that are read at the same time as many are decoded as `maximumMemory` allows; the others
 * wait.
 * @throws {@link MalformedDataError} if a label is no class.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { imageList } from '@espalier/datasets/node';
 *
 * const images = [{ path: 'a/1.jpg', label: 0 }, { path: 'b/1.jpg', label: 1 }];
 * const files = imageList({ name: 'mine', classes: ['a', 'b'], folder: '/photos', images });
 * console.log(files.path(1)); // /photos/b/1.jpg
 * ```
 */
export function imageList(options: ImageListOptions): ImageFiles {
  checkOptions(options, imageListRules);
  return listedImages(options);
}

/**
 * The same without a check of its options.
 *
 * @param from - Archive that the folder was unpacked from, which images are called by then.
 */
export function listedImages(options: ImageListOptions, from?: UnpackedFrom): ImageFiles {
  const { name, classes, folder, images, cutBottom = 0, maximumMemory = 2 ** 30 } = options;
  for (const { path, label } of images) {
    if (Number.isSafeInteger(label) && label >= 0 && label < classes.length) continue;
    throw new MalformedDataError(`${name}: ${path}`, `label ${label} is none of the ${classes.length} classes`);
  }
  const budget = memoryBudget(maximumMemory);
  const pathOf = (index: number): string => {
    const image = images[index];
    if (image === undefined) throw new RangeError(`${name} has ${images.length} images, so none at ${index}`);
    return join(folder, image.path);
  };
  return {
    name,
    classes,
    size: images.length,
    label: index => images[index]!.label,
    path: index => sourceName(pathOf(index), from),
    read: async index => {
      const path = pathOf(index);
      const source = sourceName(path, from);
      const image = await readImage(path, source, budget, options).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
        throw new MissingDataError(name, [source], 'The file was there when the list was made; restore it', {
          cause: error,
        });
      });
      if (cutBottom === 0) return image;
      const height = image.height - cutBottom;
      if (height < 1)
        throw new MalformedDataError(source, `the image has ${image.height} rows, ${cutBottom} are cut off`);
      return cropImage(image, { top: 0, left: 0, height, width: image.width });
    },
  };
}

const isListed = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as Partial<ListedImage>).path === 'string';

const imagesRule: OptionRule = rules.that(
  'an array of images with path and label',
  value => Array.isArray(value) && value.every(isListed),
);

const imageListRules: OptionRules<ImageListOptions> = {
  ...readLimitRules,
  name: rules.text,
  classes: classesRule,
  folder: rules.text,
  images: imagesRule,
  cutBottom: rules.optional(rules.integer({ from: 0 })),
};

async function readImage(
  path: string,
  source: string,
  budget: MemoryBudget,
  limits: ReadLimits,
): Promise<DecodedImage> {
  const { maximumEntryBytes = 2 ** 26, maximumPixels = 2 ** 26 } = limits;
  const size = await requireFile(path, maximumEntryBytes);
  const hold = await budget.take(size, source);
  const encoded = await readWhole(path, maximumEntryBytes).finally(hold);
  const header = await readImageHeader(encoded, source, maximumPixels);
  // What was held is let go of before more is asked for: readers that hold some and wait for more could wait for each
  // other.
  const release = await budget.take(encoded.length + header.memory, source);
  try {
    // Photographs of the wild have bytes that decoders warn of; what is cut short is refused.
    const pixels = await decodePixels(encoded, source, header, { channels: 3, failOn: 'truncated' });
    return { height: header.height, width: header.width, pixels };
  } finally {
    release();
  }
}
