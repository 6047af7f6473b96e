import { basename, resolve } from 'node:path';
import { checkOptions, type OptionRules, rules } from '@espalier/core';
import type { ImageFiles } from '../../image/decoded-image.js';
import { classesRule } from '../../option-rules.js';
import { limitsOf, type ReadLimits, readLimitRules } from '../../read-limits.js';
import { isImageName } from '../passed-over.js';
import { filesBelow } from './files-below.js';
import { imageList } from './image-list.js';
import { malformedImages } from './malformed-images.js';

/** How to read a folder of images in class folders. */
export interface ImageFolderFilesOptions extends ReadLimits {
  /**
   * Name of the list.
   *
   * @defaultValue the folder's name
   */
  readonly name?: string | undefined;
  /**
   * Names of the classes, in the order of their labels; some may have no images. The folders' names in alphabetical
   * order, by code unit, if left out.
   */
  readonly classes?: readonly string[] | undefined;
}

const imageFolderFilesRules: OptionRules<ImageFolderFilesOptions> = {
  ...readLimitRules,
  name: rules.optional(rules.text),
  classes: rules.optional(classesRule),
};

/**
 * Image files of your own, in one folder for each class: `folder/class/…/image.jpg`. The first folder below `folder` is
 * the class, also of images in folders below it. What is passed over is the same as in {@link imageFolderArchive}, and
 * images are what {@link imageList} makes of files. Symbolic links are followed.
 *
 * @param folder - The folder of the class folders.
 * @param options - Name, classes, limits.
 * @returns A list in an order that does not depend on the machine, by class and by path.
 * @throws {@link @espalier/datasets!MalformedDataError} if there are no images in class
 *   folders, or a folder is none of the given classes.
 * @throws {@link DataTooLargeError} if there are more files than the limits allow.
 * @throws {@link FileAccessError} if the operating system refuses the folder.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import type { ImageFiles } from '@espalier/datasets';
 * import { imageFolder } from '@espalier/datasets/node';
 *
 * export const photographs = (): Promise<ImageFiles> => imageFolder('/photos/train');
 * ```
 */
export async function imageFolder(folder: string, options: ImageFolderFilesOptions = {}): Promise<ImageFiles> {
  rules.text('folder', folder as never);
  checkOptions(options, imageFolderFilesRules);
  const found = (await filesBelow(folder, options)).flatMap(path => {
    const [directory, ...below] = path.split('/');
    return below.length > 0 && isImageName(path) ? [{ path, className: directory!.normalize('NFC') }] : [];
  });
  if (found.length === 0) {
    throw malformedImages(folder, 'there are no images in class folders, as in class/image.jpg');
  }
  const classes = options.classes ?? [...new Set(found.map(({ className }) => className))].sort();
  const numbers = new Map(classes.map((name, label) => [name.normalize('NFC'), label]));
  const images = found.map(({ path, className }) => {
    const label = numbers.get(className);
    if (label === undefined) {
      throw malformedImages(folder, `folder "${className}" of ${path} is none of the classes`);
    }
    return { path, label };
  });
  const { name = basename(resolve(folder)) || folder } = options;
  return imageList({ ...limitsOf(options), name, classes, folder, images });
}
