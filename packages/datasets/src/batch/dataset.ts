/** Height, width and channels of every image of a dataset. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Labeled images of one size, read by index. Implement it to bring your own data. */
export interface Dataset {
  /** Short name for reports, such as `mnist/train`. */
  readonly name: string;
  /** Names of the classes; a label is an index into them. */
  readonly classes: readonly string[];
  /** Number of examples. */
  readonly size: number;
  /** Height, width and channels of every image. */
  readonly shape: ImageShape;
  /**
   * Copies one image into `target` as numbers from 0 to 1, height by width by channels, row-major.
   *
   * @param index - Example, from 0 to `size` − 1.
   * @param target - Where to write; has at least `offset` + height · width · channels entries.
   * @param offset - Where the image begins in `target`.
   */
  copyImage(index: number, target: Float32Array, offset: number): void;
  /**
   * Label of one example, from 0 to `classes.length` − 1.
   *
   * @param index - Example, from 0 to `size` − 1.
   */
  label(index: number): number;
}

/** What is subtracted from every channel, and what it is then divided by. */
export interface Normalization {
  /** Mean of each channel, of values from 0 to 1. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel, above 0. */
  readonly std: readonly number[];
}

/** A dataset's two parts. */
export interface Split {
  /** Examples to train on. */
  readonly train: Dataset;
  /** Examples to test on, none of them in `train`. */
  readonly test: Dataset;
  /** Mean and standard deviation of the training images, for {@link BatchOptions.normalize}. */
  readonly normalization: Normalization;
}
