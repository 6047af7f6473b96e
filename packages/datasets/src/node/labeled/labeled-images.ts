import { type OptionRules, rules } from '@espalier/core';
import type { ImageFiles } from '../../image/decoded-image.js';
import { classesRule, seedRule } from '../../option-rules.js';
import { type ReadLimits, readLimitRules } from '../../read-limits.js';
import type { LoadProgress } from '../sets/obtain-options.js';
import type { DamagedImage } from './damaged.js';
import type { LabeledImagesWarning, Listing, PassedOver } from './listing.js';

/** How {@link loadImages} lists and splits. */
export interface LoadImagesOptions extends ReadLimits {
  /**
   * Name for reports.
   *
   * @defaultValue the name of the folder or file
   */
  readonly name?: string | undefined;
  /**
   * Names of the classes, in the order of their labels; some may have no images.
   *
   * @defaultValue the names that are found, by code unit, or by number if all of them are numbers
   */
  readonly classes?: readonly string[] | undefined;
  /**
   * Fraction of the images of each class that is for testing where no split is given, above 0; 1 makes all of them test
   * images.
   *
   * @defaultValue 0.2
   */
  readonly testFraction?: number | undefined;
  /**
   * Seed of the split that is made.
   *
   * @defaultValue 0
   */
  readonly seed?: number | undefined;
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
  /**
   * Directory below which archives are unpacked.
   *
   * @defaultValue the result of {@link cacheDirectory}
   */
  readonly cacheDirectory?: string | undefined;
  /** Called while an archive is unpacked and while images are checked. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Ends the loading. */
  readonly signal?: AbortSignal | undefined;
}

export const loadImagesRules: OptionRules<LoadImagesOptions> = {
  ...readLimitRules,
  name: rules.optional(rules.text),
  classes: rules.optional(classesRule),
  testFraction: rules.optional(rules.number({ above: 0, to: 1 })),
  seed: rules.optional(seedRule),
  skipDamaged: rules.optional(rules.boolean),
  keepDecoded: rules.optional(rules.integer({ from: 0 })),
  cacheDirectory: rules.optional(rules.text),
  onProgress: rules.optional(rules.function),
  signal: rules.optional(rules.signal),
};

/** Images of one's own, split and ready to be read. */
export interface LabeledImages {
  /** Name for reports. */
  readonly name: string;
  /** What was found. */
  readonly source: Listing['source'];
  /** Whether the split was there, or was made. */
  readonly split: 'given' | 'made';
  /** Names of the classes; a label is an index into them. */
  readonly classes: readonly string[];
  /** Images to train on, by class and path. */
  readonly train: ImageFiles;
  /** Images to test on, none of them in `train`. */
  readonly test: ImageFiles;
  /** SHA-256 over the paths, classes and given parts of all images, in hexadecimal: the same for the same files. */
  readonly digest: string;
  /** Files that are no labeled images. */
  readonly passedOver: PassedOver;
  /** Images that were left out, with `skipDamaged`. */
  readonly damaged: readonly DamagedImage[];
  /** What is probably not meant. */
  readonly warnings: readonly LabeledImagesWarning[];
}
