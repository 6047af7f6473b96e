import { checkOptions, InvalidOptionError, rules } from '@espalier/core';
import { type Batch, stepsPerEpoch } from '../batch/batch.js';
import { requireNormalization } from '../batch/normalization.js';
import { epochOrder } from '../batch/order.js';
import { imageFilesRule } from '../option-rules.js';
import type { ImageFiles } from './decoded-image.js';
import { type BatchPlan, makeBatch } from './image-batch.js';
import { orAborted } from './or-aborted.js';
import { semaphore } from './semaphore.js';
import { type StreamBatchesOptions, type StreamOptions, streamBatchesRules, streamRules } from './stream-options.js';

/**
 * Batches for training, decoded while the caller works. Each is a pure function of (files, transform, position, batch
 * size, seed), in the order of positions, so that a resumed run that begins at `from` sees exactly what it would have
 * seen. An epoch has `floor(size / batchSize)` batches, as with {@link batchAt}.
 *
 * Memory holds `prefetch + 1` batches and `maximumDecoded` images, whatever the size of the dataset; nothing is read
 * ahead while the caller keeps the stream waiting.
 *
 * @param files - Images to read.
 * @param options - Positions, batch size, seed, transform, normalization, bounds, signal.
 * @returns New arrays that the caller owns, batch by batch.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range, when the
 *   first batch is asked for.
 * @throws {@link MalformedDataError} with the file's path if an image cannot be read, at the batch it belongs to.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import { imageFilesOf, randomResizedCrop, streamBatches, syntheticImages } from '@espalier/datasets';
 *
 * const files = imageFilesOf(syntheticImages({ size: 100, seed: 1 }));
 * const options = { batchSize: 32, seed: 5, transform: randomResizedCrop({ size: 24 }) };
 * let batches = 0;
 * for await (const { images } of streamBatches(files, options)) batches += images.length / (32 * 24 * 24 * 3);
 * console.log(batches); // 3
 * ```
 */
export async function* streamBatches(
  files: ImageFiles,
  options: StreamBatchesOptions,
): AsyncGenerator<Batch, void, undefined> {
  imageFilesRule('files', files as never);
  checkOptions(options, streamBatchesRules);
  const { batchSize, from = 0, seed = 0, shuffle = true } = options;
  const steps = stepsPerEpoch(files, batchSize);
  const to = options.to ?? (Math.floor(from / steps) + 1) * steps;
  rules.integer({ from })('to', to as never);
  if (to > steps * 2 ** 32) throw new InvalidOptionError('to', to, 'at most 2^32 epochs');
  const everything = Uint32Array.from({ length: files.size }, (_, index) => index);
  function* plans(): Generator<BatchPlan> {
    for (let position = from; position < to; position++) {
      const epoch = Math.floor(position / steps);
      const start = (position % steps) * batchSize;
      const order = shuffle ? epochOrder(files, seed, epoch) : everything;
      yield { indices: order.slice(start, start + batchSize), epoch };
    }
  }
  yield* produce(files, plans(), seed, options);
}

/**
 * Every image once, in the order of the files, for evaluation and for extracting features: the last batch is smaller if
 * the size is no multiple of `batchSize`. Otherwise like {@link streamBatches}.
 *
 * @param files - Images to read.
 * @param options - Batch size, transform, normalization, bounds, signal.
 * @returns New arrays that the caller owns, batch by batch.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range, when the
 *   first batch is asked for.
 * @throws {@link MalformedDataError} with the file's path if an image cannot be read, at the batch it belongs to.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import { imageFilesOf, resizeAndCrop, streamSequentialBatches, syntheticImages } from '@espalier/datasets';
 *
 * const files = imageFilesOf(syntheticImages({ size: 100, seed: 1 }));
 * const transform = resizeAndCrop({ resize: 32, size: 28 });
 * let examples = 0;
 * for await (const { size } of streamSequentialBatches(files, { batchSize: 64, transform })) examples += size;
 * console.log(examples); // 100
 * ```
 */
export async function* streamSequentialBatches(
  files: ImageFiles,
  options: StreamOptions,
): AsyncGenerator<Batch, void, undefined> {
  imageFilesRule('files', files as never);
  checkOptions(options, streamRules);
  const { batchSize } = options;
  function* plans(): Generator<BatchPlan> {
    for (let start = 0; start < files.size; start += batchSize) {
      const length = Math.min(batchSize, files.size - start);
      yield { indices: Uint32Array.from({ length }, (_, i) => start + i), epoch: 0 };
    }
  }
  yield* produce(files, plans(), 0, options);
}

async function* produce(
  files: ImageFiles,
  plans: Iterator<BatchPlan>,
  seed: number,
  options: StreamOptions,
): AsyncGenerator<Batch, void, undefined> {
  const { transform, normalize, prefetch = 1, maximumDecoded = 8, signal } = options;
  if (normalize !== undefined) requireNormalization(normalize, 3);
  let over = false;
  const canceled = (): boolean => over || signal?.aborted === true;
  const maker = { files, transform, normalize, seed, inTurn: semaphore(maximumDecoded), canceled };
  const ahead: Promise<Batch>[] = [];
  try {
    for (;;) {
      signal?.throwIfAborted();
      while (ahead.length <= prefetch) {
        const plan = plans.next();
        if (plan.done === true) break;
        const batch = makeBatch(maker, plan.value);
        batch.catch(() => undefined); // reported when its turn comes
        ahead.push(batch);
      }
      const next = ahead.shift();
      if (next === undefined) return;
      yield await orAborted(next, signal);
    }
  } finally {
    over = true;
    // Files are not read any more once the stream has ended, unless a signal asked for an end at once.
    if (signal?.aborted !== true) await Promise.allSettled(ahead);
  }
}
