import { ShapeMismatchError } from '@espalier/core';
import {
  type Batch,
  type Dataset,
  type ImageFiles,
  type ImageShape,
  type ImageTransform,
  imageFilesOf,
  imageFilesSubset,
  imageSides,
  type Normalization,
  resizeAndCrop,
  sequentialBatches,
  streamSequentialBatches,
  subset,
} from '@espalier/datasets';
import type { TaskData } from './task.js';

/** How examples become the images that a network takes. */
export interface Preparation {
  readonly inputShape: ImageShape;
  readonly batchSize: number;
  readonly normalize: Normalization;
  readonly transform?: ImageTransform | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Data as it is, where its images have the network's size and no transform is asked for; else as image files to be
 * resized.
 */
export function asImageFiles(
  data: TaskData,
  { inputShape, transform }: Pick<Preparation, 'inputShape' | 'transform'>,
): ImageFiles | undefined {
  const [height, width] = inputShape;
  if (isInMemory(data) && transform === undefined && data.shape.join() === inputShape.join()) return undefined;
  const made = transform ? [...imageSides(transform.size), 3] : [height, width, 3];
  if (made.join() !== inputShape.join()) {
    const actual = transform === undefined && isInMemory(data) ? data.shape : made;
    throw new ShapeMismatchError(`images of ${data.name}`, actual, inputShape);
  }
  return isInMemory(data) ? imageFilesOf(data) : data;
}

/**
 * Every example once, in order. The default transform is the study's: the shorter side to 8/7 of the size, the middle
 * cut out; for unequal sides, the image covers 8/7 of both.
 */
export function evaluationBatches(data: TaskData, preparation: Preparation): AsyncIterable<Batch> | Iterable<Batch> {
  const { inputShape, batchSize, signal } = preparation;
  const normalize = plainNormalization(preparation.normalize);
  const files = asImageFiles(data, preparation);
  if (files === undefined) return sequentialBatches(data as Dataset, { batchSize, normalize });
  const [height, width] = inputShape;
  const resize = Math.round((Math.min(height, width) * 8) / 7);
  const transform = preparation.transform ?? resizeAndCrop({ resize, size: [height, width] });
  return streamSequentialBatches(files, { batchSize, normalize, transform, ...(signal ? { signal } : {}) });
}

/** Without the name that one may have that travels with a network. */
export const plainNormalization = ({ mean, std }: Normalization): Normalization => ({ mean, std });

/** Some of the examples. */
export function someOf(data: TaskData, indices: readonly number[]): TaskData {
  return isInMemory(data) ? subset(data, indices) : imageFilesSubset(data, indices);
}

function isInMemory(data: TaskData): data is Dataset {
  return 'copyImage' in data;
}
