import type { InputNormalization } from '@espalier/core';
import type { Batch, ImageShape } from '@espalier/datasets';

/** What a frozen network makes of the images of one part of a task. */
export interface Features {
  /** One row of `dimension` values an example, in the order of the data. */
  readonly values: Float32Array;
  /** Class of every example. */
  readonly labels: Int32Array;
  /** Values of one example. */
  readonly dimension: number;
}

/** A frozen network without its classifier. Implement it to extract features with an engine of your own. */
export interface FeatureExtractor {
  /** Height, width and channels of the images that it takes. */
  readonly inputShape: ImageShape;
  /** Number of values that it gives for an image. */
  readonly dimension: number;
  /** What the images have to be normalized with, if the network says so. */
  readonly normalization?: InputNormalization | undefined;
  /**
   * A text that differs between extractors that give different features: a hash of weights, architecture and engine.
   * Asked for only if features are cached.
   */
  identity(): Promise<string>;
  /**
   * Features of a batch, `[size, dimension]`, row-major.
   *
   * @param batch - Images of `inputShape`, prepared and normalized.
   */
  extract(batch: Batch): Promise<Float32Array>;
}

/** Keeps features between runs; `fileFeatureCache` of `@espalier/transfer/node` keeps them in files. */
export interface FeatureCache {
  /**
   * What was kept under a key.
   *
   * @param key - 64 hexadecimal digits that stand for everything that the features depend on.
   * @returns The features, or `undefined` if there are none or they are damaged.
   */
  read(key: string): Promise<Features | undefined>;
  /**
   * Keeps features.
   *
   * @param key - As for `read`.
   * @param features - What to keep; not changed afterwards.
   */
  write(key: string, features: Features): Promise<void>;
}
