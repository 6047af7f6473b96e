import { type Checkpoint, checkOptions, type Json, type OptionRules, rules } from '@espalier/core';
import { type AugmentationName, augmentations } from './augmentation.js';
import { type ImageFit, imageFitRules } from './image-fit.js';

/** Everything that decides which images of one's own a run sees, as plain data; kept in its recipe. */
export interface OwnData {
  /** Absolute path of the folder, table or archive. */
  readonly path: string;
  /** Of the names of all images, their classes and given parts. */
  readonly digest: string;
  /** Number of images to train and to test on. */
  readonly count: number;
  readonly testFraction: number;
  readonly splitSeed: number;
  readonly channels: number;
  readonly fit: ImageFit;
  readonly augment: AugmentationName;
  readonly skipDamaged: boolean;
}

/** Stands for the dataset in the recipe of a run on images of one's own. */
export const ownDataset = 'images';

const { boolean, integer, number, object, oneOf, text } = rules;

export const ownDataRules: OptionRules<OwnData> = {
  path: text,
  digest: rules.that('a SHA-256 in hexadecimal', value => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)),
  count: integer({ from: 1 }),
  testFraction: number({ above: 0, to: 1 }),
  splitSeed: integer({ from: 0 }),
  channels: integer({ from: 1, to: 3 }),
  fit: object<ImageFit>(imageFitRules),
  augment: oneOf(...augmentations),
  skipDamaged: boolean,
};

/**
 * The images that a checkpoint was trained on, if they were somebody's own.
 *
 * @throws {@link InvalidOptionError} if its recipe says something impossible about them.
 */
export function storedOwnData(checkpoint: Checkpoint | undefined): OwnData | undefined {
  const recipe: Json | undefined = checkpoint?.metadata.recipe;
  if (typeof recipe !== 'object' || recipe === null || Array.isArray(recipe)) return undefined;
  const data = (recipe as { readonly data?: Json }).data;
  if (data === undefined || data === null) return undefined;
  checkOptions<OwnData>(data, ownDataRules, 'recipe.data');
  return data as unknown as OwnData;
}
