import { type OptionRule, type OptionRules, rules } from '@espalier/core';
import type { ImageShape } from '../../batch/dataset.js';
import { classesRule, shapeRule } from '../../option-rules.js';
import { type ReadLimits, readLimitRules } from '../../read-limits.js';

/** How to read an archive of images in class folders. */
export interface ImageFolderOptions extends ReadLimits {
  /** Name of the dataset. */
  readonly name: string;
  /** Height, width and channels (1 or 3) that every image has. */
  readonly shape: ImageShape;
  /**
   * Names of the classes, in the order of their labels; some may have no images. The folders' names in alphabetical
   * order, by code unit, if left out.
   */
  readonly classes?: readonly string[] | undefined;
  /** Images to take of each class, the first ones in the archive. All if left out. */
  readonly maximumPerClass?: number | undefined;
  /**
   * Where decoded images are kept for the next time, or `false` not to keep them.
   *
   * @defaultValue the result of {@link cacheDirectory}
   */
  readonly cacheDirectory?: string | false | undefined;
  /** Called with the number of images decoded so far. */
  readonly onProgress?: ((decoded: number) => void) | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** A path, or `false` for none. */
export const pathOrFalse: OptionRule = rules.either('a path or false', rules.text, rules.oneOf(false));

export const imageFolderRules: OptionRules<ImageFolderOptions> = {
  ...readLimitRules,
  name: rules.text,
  shape: shapeRule(1, 3),
  classes: rules.optional(classesRule),
  maximumPerClass: rules.optional(
    rules.either('an integer of at least 1', rules.integer({ from: 1 }), rules.oneOf(Number.POSITIVE_INFINITY)),
  ),
  cacheDirectory: rules.optional(pathOrFalse),
  onProgress: rules.optional(rules.function),
  signal: rules.optional(rules.signal),
};
