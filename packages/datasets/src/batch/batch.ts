import { checkOptions, InvalidOptionError, rules } from '@espalier/core';
import { datasetRule } from '../option-rules.js';
import { augmentImage, requireAugmentation } from './augmentation.js';
import { type BatchOptions, batchRules, sequentialRules } from './batch-options.js';
import type { Dataset, ImageShape, Normalization } from './dataset.js';
import { normalizeImage, requireNormalization } from './normalization.js';
import { epochOrder } from './order.js';
import { randomStream } from './random.js';

/** Some examples on the host, ready to be made into tensors. */
export interface Batch {
  /** Images one after the other, each height by width by channels, row-major. */
  readonly images: Float32Array;
  /** One label an image. */
  readonly labels: Int32Array;
  /** Number of examples. */
  readonly size: number;
  /** Height, width and channels of every image. */
  readonly shape: ImageShape;
  /** Number of classes, for one-hot labels. */
  readonly classes: number;
}

/**
 * The batch at one position: a pure function of its arguments, the same in every process and after every resume or
 * rewind.
 *
 * An epoch has {@link stepsPerEpoch} batches, `floor(size / batchSize)`: the `size mod batchSize` examples at the end
 * of an epoch's order are left out, other ones in each epoch if shuffled. The last order is remembered for each
 * dataset, so that going through positions one by one costs one permutation an epoch.
 *
 * @param dataset - Examples; not changed.
 * @param options - Position, batch size, seed, shuffling, augmentation, normalization.
 * @returns New arrays that the caller owns.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range or does not
 *   fit the dataset.
 *
 * @example The same position gives the same batch.
 * ```ts
 * import { batchAt, syntheticImages } from '@espalier/datasets';
 *
 * const dataset = syntheticImages({ size: 100, seed: 1 });
 * const options = { position: 7, batchSize: 32, seed: 5, augment: { crop: 2, flip: true } };
 * const [first, second] = [batchAt(dataset, options), batchAt(dataset, options)];
 * console.log(first.labels.join() === second.labels.join()); // true
 * ```
 */
export function batchAt(dataset: Dataset, options: BatchOptions): Batch {
  datasetRule('dataset', dataset as never);
  checkOptions(options, batchRules);
  const { position, batchSize, seed = 0, shuffle = true, augment } = options;
  if (augment !== undefined) requireAugmentation(augment, dataset.shape);
  const steps = stepsPerEpoch(dataset, batchSize);
  const epoch = Math.floor(position / steps);
  if (epoch > 0xffff_ffff) throw new InvalidOptionError('position', position, 'below 2^32 epochs');
  const order = shuffle ? epochOrder(dataset, seed, epoch) : undefined;
  const start = (position % steps) * batchSize;
  const indices = Array.from({ length: batchSize }, (_, i) => (order ? order[start + i]! : start + i));
  return gather(dataset, indices, options.normalize, (image, index) => {
    if (augment !== undefined) {
      augmentImage(image, dataset.shape, augment, randomStream(seed, 'augmentation', epoch, index));
    }
  });
}

/**
 * Number of whole batches in one pass over a dataset, `floor(size / batchSize)`.
 *
 * @param dataset - Examples.
 * @param batchSize - From 1 to the size of the dataset.
 * @throws {@link InvalidOptionError} if the batch size is out of range.
 *
 * @example
 * ```ts
 * import { stepsPerEpoch, syntheticImages } from '@espalier/datasets';
 *
 * console.log(stepsPerEpoch(syntheticImages({ size: 100, seed: 1 }), 32)); // 3
 * ```
 */
export function stepsPerEpoch(dataset: Pick<Dataset, 'name' | 'size'>, batchSize: number): number {
  rules.integer({ from: 1 })('batchSize', batchSize as never);
  if (batchSize > dataset.size) {
    throw new InvalidOptionError('batchSize', batchSize, `at most ${dataset.size}, the size of ${dataset.name}`);
  }
  return Math.floor(dataset.size / batchSize);
}

/**
 * Every example once, in the dataset's order, for evaluation: without shuffling or augmentation, the last batch smaller
 * if the size is no multiple of `batchSize`.
 *
 * @param dataset - Examples; not changed.
 * @param options - Batch size of at least 1, and the normalization the model was trained with.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { sequentialBatches, syntheticImages } from '@espalier/datasets';
 *
 * const batches = sequentialBatches(syntheticImages({ size: 100, seed: 1 }), { batchSize: 64 });
 * console.log([...batches].map(batch => batch.size)); // [64, 36]
 * ```
 */
export function sequentialBatches(
  dataset: Dataset,
  options: Pick<BatchOptions, 'batchSize' | 'normalize'>,
): Generator<Batch, void, undefined> {
  datasetRule('dataset', dataset as never);
  checkOptions(options, sequentialRules);
  return batchesInOrder(dataset, options);
}

function* batchesInOrder(
  dataset: Dataset,
  { batchSize, normalize }: Pick<BatchOptions, 'batchSize' | 'normalize'>,
): Generator<Batch, void, undefined> {
  for (let start = 0; start < dataset.size; start += batchSize) {
    const indices = Array.from({ length: Math.min(batchSize, dataset.size - start) }, (_, i) => start + i);
    yield gather(dataset, indices, normalize);
  }
}

function gather(
  dataset: Dataset,
  indices: readonly number[],
  normalize: Normalization | undefined,
  change?: (image: Float32Array, index: number) => void,
): Batch {
  const [height, width, channels] = dataset.shape;
  const length = height * width * channels;
  const images = new Float32Array(indices.length * length);
  const labels = new Int32Array(indices.length);
  if (normalize !== undefined) requireNormalization(normalize, channels);
  indices.forEach((index, i) => {
    dataset.copyImage(index, images, i * length);
    change?.(images.subarray(i * length, (i + 1) * length), index);
    labels[i] = dataset.label(index);
  });
  if (normalize !== undefined) normalizeImage(images, normalize);
  return { images, labels, size: indices.length, shape: dataset.shape, classes: dataset.classes.length };
}
