import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MalformedDataError } from '../errors.js';
import { cropPicture, type ImageFiles, type Picture } from '../picture/picture.js';
import { MissingDataError } from './errors.js';

/** One image of a list. */
export interface ListedImage {
  /** Path below the list's folder, with forward slashes. */
  readonly path: string;
  /** Index into the classes. */
  readonly label: number;
}

/** What {@link imageList} is made of. */
export interface ImageListOptions {
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
  readonly cutBottom?: number;
}

/**
 * Image files of a folder, by a list. Files are opened when they are read: JPEG, PNG, GIF, WebP or TIFF, whatever their names end
 * in. Grey becomes grey in three channels, transparency is dropped, embedded colour profiles and orientations are not applied, as
 * with `Image.open(path).convert('RGB')` in Pillow, from which the pixels of a JPEG differ by at most 1 of 255.
 *
 * @param options - Folder, images, classes.
 * @returns A list that keeps paths and labels in memory, no pixels. Reading a file that is damaged or gone is an error with its
 * path and the code `MALFORMED_DATA` or `MISSING_DATA`.
 * @throws {@link MalformedDataError} if a label is no class.
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
  const { name, classes, folder, images, cutBottom = 0 } = options;
  for (const { path, label } of images) {
    if (Number.isSafeInteger(label) && label >= 0 && label < classes.length) continue;
    throw new MalformedDataError(`${name}: ${path}`, `label ${label} is none of the ${classes.length} classes`);
  }
  const pathOf = (index: number): string => join(folder, images[index]!.path);
  return {
    name,
    classes,
    size: images.length,
    label: index => images[index]!.label,
    path: pathOf,
    read: async index => {
      const path = pathOf(index);
      const encoded = await readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        throw new MissingDataError(name, [path], 'The file was there when the list was made; restore it', {
          cause: error,
        });
      });
      const picture = await decodePicture(encoded, path);
      if (cutBottom === 0) return picture;
      const height = picture.height - cutBottom;
      if (height < 1)
        throw new MalformedDataError(path, `the image has ${picture.height} rows, ${cutBottom} are cut off`);
      return cropPicture(picture, { top: 0, left: 0, height, width: picture.width });
    },
  };
}

async function decodePicture(encoded: Uint8Array, source: string): Promise<Picture> {
  const { default: sharp } = await import('sharp');
  try {
    // Photographs of the wild have bytes that decoders warn of; what is cut short is refused.
    const image = sharp(encoded, { limitInputPixels: 2 ** 26, failOn: 'truncated', ignoreIcc: true });
    const { data, info } = await image
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`);
    return { height: info.height, width: info.width, pixels: data };
  } catch (error) {
    const problem = `not a readable image (${error instanceof Error ? error.message : String(error)})`;
    throw new MalformedDataError(source, problem, { cause: error });
  }
}
