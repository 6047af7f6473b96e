import { type OptionRules, rules } from '@espalier/core';
import type { Normalization } from '../batch/dataset.js';
import { normalizationRule, seedRule } from '../option-rules.js';
import { type ImageTransform, transformRule } from './image-transform.js';

/** How images are read ahead and made into batches. */
export interface StreamOptions {
  /** Examples in a batch, at least 1. */
  readonly batchSize: number;
  /** How images of any size become images of one size: {@link randomResizedCrop}, {@link resizeAndCrop} or your own. */
  readonly transform: ImageTransform;
  /** Applied last. None if left out: values from 0 to 1. */
  readonly normalize?: Normalization | undefined;
  /**
   * Batches that are made before they are asked for, from 0. Memory holds one batch more than that.
   *
   * @defaultValue 1
   */
  readonly prefetch?: number | undefined;
  /**
   * Images that are decoded, or held decoded, at the same time, from 1. What bounds the memory for large photographs.
   *
   * @defaultValue 8
   */
  readonly maximumDecoded?: number | undefined;
  /** Ends the stream at once. */
  readonly signal?: AbortSignal | undefined;
}

/** Which batches {@link streamBatches} makes. */
export interface StreamBatchesOptions extends StreamOptions {
  /**
   * Position of the first batch: batches since the start of training.
   *
   * @defaultValue 0
   */
  readonly from?: number | undefined;
  /**
   * Position of the first batch that is not made any more. The end of the epoch of `from` if left out.
   */
  readonly to?: number | undefined;
  /**
   * Root seed of order and transform, an integer from 0 to 2^53 − 1.
   *
   * @defaultValue 0
   */
  readonly seed?: number | undefined;
  /**
   * Whether every epoch has an order of its own, drawn from the seed, or always that of the files.
   *
   * @defaultValue true
   */
  readonly shuffle?: boolean | undefined;
}

export const streamRules: OptionRules<StreamOptions> = {
  batchSize: rules.integer({ from: 1 }),
  transform: transformRule,
  normalize: rules.optional(normalizationRule),
  prefetch: rules.optional(rules.integer({ from: 0 })),
  maximumDecoded: rules.optional(rules.integer({ from: 1 })),
  signal: rules.optional(rules.signal),
};

export const streamBatchesRules: OptionRules<StreamBatchesOptions> = {
  ...streamRules,
  from: rules.optional(rules.integer({ from: 0 })),
  to: rules.optional(rules.integer({ from: 0 })),
  seed: rules.optional(seedRule),
  shuffle: rules.optional(rules.boolean),
};
