import { ShapeMismatchError } from '@espalier/core';
import {
  type Batch,
  type Dataset,
  type ImageFiles,
  type ImageShape,
  imageFilesOf,
  imageFilesSubset,
  type Normalization,
  type PictureView,
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
  readonly view?: PictureView | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Data as it is, where its images have the network's size and no view is asked for; else as pictures to be resized. */
export function asPictures(
  data: TaskData,
  { inputShape, view }: Pick<Preparation, 'inputShape' | 'view'>,
): ImageFiles | undefined {
  const [height, width, channels] = inputShape;
  if (isInMemory(data) && view === undefined && data.shape.join() === inputShape.join()) return undefined;
  if (channels !== 3 || height !== width || (view !== undefined && view.size !== height)) {
    const actual = view ? [view.size, view.size, 3] : isInMemory(data) ? data.shape : [height, height, 3];
    throw new ShapeMismatchError(`images of ${data.name}`, actual, inputShape);
  }
  return isInMemory(data) ? imageFilesOf(data) : data;
}

/** Every example once, in order. The default view is the study's: the shorter side to 8/7 of the size, the middle cut out. */
export function evaluationBatches(data: TaskData, preparation: Preparation): AsyncIterable<Batch> | Iterable<Batch> {
  const { inputShape, batchSize, signal } = preparation;
  const normalize = plainNormalization(preparation.normalize);
  const pictures = asPictures(data, preparation);
  if (pictures === undefined) return sequentialBatches(data as Dataset, { batchSize, normalize });
  const [size] = inputShape;
  const view = preparation.view ?? resizeAndCrop({ resize: Math.round((size * 8) / 7), size });
  return streamSequentialBatches(pictures, { batchSize, normalize, view, ...(signal ? { signal } : {}) });
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
