import { checkOptions, InvalidOptionError } from '@espalier/core';
import type { Normalization } from '../batch/dataset.js';
import { imageFilesRule } from '../option-rules.js';
import type { ImageFiles } from './decoded-image.js';
import { sidesOf } from './image-size.js';
import { streamSequentialBatches } from './stream.js';
import { type StreamOptions, streamRules } from './stream-options.js';

/**
 * Mean and standard deviation of every channel over image files as a transform shows them, for fine-tuning with a
 * task's own normalization. Reads every image once; pass {@link imageFilesSubset} of some thousands for an estimate.
 *
 * @param files - At least one image.
 * @param options - Transform, images read at the same time (`batchSize`), bounds, signal.
 * @returns Population statistics of the values from 0 to 1; a constant channel gets a standard deviation of 1.
 * @throws {@link InvalidOptionError} if there are no images, or an option is out of range.
 * @throws {@link MalformedDataError} with the file's path if an image cannot be read.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import { imageFilesOf, imageStatistics, resizeAndCrop, syntheticImages } from '@espalier/datasets';
 *
 * const files = imageFilesOf(syntheticImages({ size: 64, seed: 1 }));
 * const { mean } = await imageStatistics(files, { batchSize: 16, transform: resizeAndCrop({ resize: 28, size: 28 }) });
 * console.log(mean.length); // 3
 * ```
 */
export async function imageStatistics(
  files: ImageFiles,
  options: Omit<StreamOptions, 'normalize'>,
): Promise<Normalization> {
  imageFilesRule('files', files as never);
  const { normalize: _, ...statisticsRules } = streamRules;
  checkOptions(options, statisticsRules);
  if (files.size === 0) throw new InvalidOptionError('files', files.size, 'at least one image');
  const sum = [0, 0, 0];
  const squares = [0, 0, 0];
  const { batchSize, transform, prefetch, maximumDecoded, signal } = options;
  const bounds = {
    ...(prefetch === undefined ? {} : { prefetch }),
    ...(maximumDecoded === undefined ? {} : { maximumDecoded }),
    ...(signal === undefined ? {} : { signal }),
  };
  for await (const { images } of streamSequentialBatches(files, { batchSize, transform, ...bounds })) {
    for (let i = 0; i < images.length; i++) {
      const value = images[i]!;
      sum[i % 3]! += value;
      squares[i % 3]! += value * value;
    }
  }
  const [height, width] = sidesOf(transform.size);
  const count = files.size * height * width;
  const mean = sum.map(total => total / count);
  const std = mean.map((average, channel) => {
    const variance = squares[channel]! / count - average * average;
    return variance > 1e-12 ? Math.sqrt(variance) : 1;
  });
  return { mean, std };
}
