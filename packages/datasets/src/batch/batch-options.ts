import { type OptionRules, rules } from '@espalier/core';
import { normalizationRule, seedRule } from '../option-rules.js';
import { type Augmentation, augmentationRules } from './augmentation.js';
import type { Normalization } from './dataset.js';

/** Which batch to make, and how. */
export interface BatchOptions {
  /** Batches since the start of training, from 0; the `position` of a pruning session's clock. */
  readonly position: number;
  /** Examples in a batch, from 1 to the size of the dataset. */
  readonly batchSize: number;
  /**
   * Root seed of order and augmentation, an integer from 0 to 2^53 − 1.
   *
   * @defaultValue 0
   */
  readonly seed?: number | undefined;
  /**
   * Whether every epoch has an order of its own, drawn from the seed, or always the dataset's.
   *
   * @defaultValue true
   */
  readonly shuffle?: boolean | undefined;
  /** Random changes, drawn anew for each example in each epoch. None if left out. */
  readonly augment?: Augmentation | undefined;
  /** Applied last, so that pixels that a crop fills in are black. None if left out: values from 0 to 1. */
  readonly normalize?: Normalization | undefined;
}

export const sequentialRules: OptionRules<Pick<BatchOptions, 'batchSize' | 'normalize'>> = {
  batchSize: rules.integer({ from: 1 }),
  normalize: rules.optional(normalizationRule),
};

export const batchRules: OptionRules<BatchOptions> = {
  ...sequentialRules,
  position: rules.integer({ from: 0 }),
  seed: rules.optional(seedRule),
  shuffle: rules.optional(rules.boolean),
  augment: rules.optional(rules.object(augmentationRules)),
};
