import type { ImageTransform, Normalization } from '@espalier/datasets';
import type { FeatureCache } from '../features/features.js';
import type { EpochScore } from '../training/result.js';
import type { TransferTrainingOptions } from '../training/training-options.js';

/** Something that {@link linearProbe} tells. */
export type LinearProbeEvent =
  | {
      /** Features of some more examples were extracted; not told where they come from the cache. */
      readonly type: 'features';
      /** Part of the task. */
      readonly part: 'train' | 'test';
      /** Examples done. */
      readonly done: number;
      /** Examples in all. */
      readonly total: number;
    }
  | {
      /** An epoch was scored. */
      readonly type: 'epoch';
      /** Seed of the run. */
      readonly seed: number;
      /** Its scores. */
      readonly score: EpochScore;
    };

/** Settings of {@link linearProbe}; the defaults are the study's. */
export interface LinearProbeOptions extends TransferTrainingOptions {
  /**
   * One run for each: root of the classifier's first weights and of the order of examples.
   *
   * @defaultValue [21, 51, 81, 111, 141]
   */
  readonly seeds?: readonly number[] | undefined;
  /**
   * Learning rate of the first epoch, above 0.
   *
   * @defaultValue 0.01
   */
  readonly learningRate?: number | undefined;
  /**
   * Name of the layer whose output the classifier works on, averaged over all places; for networks whose classifier
   * cannot be told.
   *
   * @defaultValue the layer before the network's own classifier
   */
  readonly featureLayer?: string | undefined;
  /**
   * Whether the network has a classifier: `'find'` takes the last dense layer, or a convolution that gives a value for
   * each class, and takes a network that ends in a map, or in what is pooled or flattened of one, to have none.
   * `'none'` says that it has none, as where a dense layer at the end gives an embedding: its output is the features.
   *
   * @defaultValue 'find'
   */
  readonly head?: 'find' | 'none' | undefined;
  /**
   * Examples in a step; the last step of an epoch may have fewer.
   *
   * @defaultValue 64
   */
  readonly batchSize?: number | undefined;
  /**
   * What the images of the *upstream* training were normalized with, because its statistics are frozen in the network.
   *
   * @defaultValue what the network carries with it; else that of ImageNet for images of three channels, a guess, and
   *   the task's for others
   */
  readonly normalize?: Normalization | undefined;
  /**
   * How images are brought to the network's size.
   *
   * @defaultValue shorter side to 8/7 of the size (256 for 224), bilinear, and the middle cut out; nothing for images
   *   in memory that have the network's size
   */
  readonly transform?: ImageTransform | undefined;
  /**
   * Images that are extracted together.
   *
   * @defaultValue 64
   */
  readonly extractionBatchSize?: number | undefined;
  /** Keeps the features for the next time, e.g. `fileFeatureCache` of `@espalier/transfer/node`. */
  readonly cache?: FeatureCache | undefined;
  /** Called with every event, and awaited. */
  readonly onEvent?: ((event: LinearProbeEvent) => unknown) | undefined;
  /** Aborting it rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}
