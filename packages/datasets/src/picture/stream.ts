import { type Batch, requireWhole, stepsPerEpoch } from '../batch.js';
import type { Normalisation } from '../dataset.js';
import { InvalidDatasetOptionError } from '../errors.js';
import { requireNormalisation } from '../normalisation.js';
import { epochOrder } from '../order.js';
import { gate, orAborted } from './gate.js';
import type { ImageFiles } from './picture.js';
import { type BatchPlan, makeBatch } from './picture-batch.js';
import type { PictureView } from './view.js';

/** How images are read ahead and made into batches. */
export interface StreamOptions {
  /** Examples in a batch, at least 1. */
  readonly batchSize: number;
  /** How pictures of any size become images of one size: {@link randomResizedCrop}, {@link resizeAndCrop} or your own. */
  readonly view: PictureView;
  /** Applied last. None if left out: values from 0 to 1. */
  readonly normalise?: Normalisation;
  /**
   * Batches that are made before they are asked for, from 0. Memory holds one batch more than that.
   *
   * @defaultValue 1
   */
  readonly prefetch?: number;
  /**
   * Pictures that are decoded, or held decoded, at the same time, from 1. What bounds the memory for large photographs.
   *
   * @defaultValue 8
   */
  readonly maximumDecoded?: number;
  /** Ends the stream at once. */
  readonly signal?: AbortSignal;
}

/** Which batches {@link streamBatches} makes. */
export interface StreamBatchesOptions extends StreamOptions {
  /**
   * Position of the first batch: batches since the start of training.
   *
   * @defaultValue 0
   */
  readonly from?: number;
  /**
   * Position of the first batch that is not made any more. The end of the epoch of `from` if left out.
   */
  readonly to?: number;
  /**
   * Root seed of order and view, an integer from 0 to 2^53 − 1.
   *
   * @defaultValue 0
   */
  readonly seed?: number;
  /**
   * Whether every epoch has an order of its own, drawn from the seed, or always that of the files.
   *
   * @defaultValue true
   */
  readonly shuffle?: boolean;
}

/**
 * Batches for training, decoded while the caller works. Each is a pure function of (files, view, position, batch size, seed), in
 * the order of positions, so that a resumed run that begins at `from` sees exactly what it would have seen. An epoch has
 * `floor(size / batchSize)` batches, as with {@link batchAt}.
 *
 * Memory holds `prefetch + 1` batches and `maximumDecoded` pictures, whatever the size of the dataset; nothing is read ahead
 * while the caller keeps the stream waiting.
 *
 * @param files - Images to read.
 * @param options - Positions, batch size, seed, view, normalisation, bounds, signal.
 * @returns New arrays that the caller owns, batch by batch.
 * @throws {@link InvalidDatasetOptionError} if an option is out of range, when the first batch is asked for.
 * @throws {@link MalformedDataError} with the file's path if an image cannot be read, at the batch it belongs to.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import { imageFilesOf, randomResizedCrop, streamBatches, syntheticImages } from '@espalier/datasets';
 *
 * const files = imageFilesOf(syntheticImages({ size: 100, seed: 1 }));
 * const options = { batchSize: 32, seed: 5, view: randomResizedCrop({ size: 24 }) };
 * let batches = 0;
 * for await (const { images } of streamBatches(files, options)) batches += images.length / (32 * 24 * 24 * 3);
 * console.log(batches); // 3
 * ```
 */
export async function* streamBatches(
  files: ImageFiles,
  options: StreamBatchesOptions,
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize, from = 0, seed = 0, shuffle = true } = options;
  requireWhole('from', from, 0);
  requireWhole('seed', seed, 0);
  const steps = stepsPerEpoch(files, batchSize);
  const to = options.to ?? (Math.floor(from / steps) + 1) * steps;
  requireWhole('to', to, from);
  if (to > steps * 2 ** 32) throw new InvalidDatasetOptionError('to', 'at most 2^32 epochs', to);
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
 * Every image once, in the order of the files, for evaluation and for extracting features: the last batch is smaller if the
 * size is no multiple of `batchSize`. Otherwise like {@link streamBatches}.
 *
 * @param files - Images to read.
 * @param options - Batch size, view, normalisation, bounds, signal.
 * @returns New arrays that the caller owns, batch by batch.
 * @throws {@link InvalidDatasetOptionError} if an option is out of range, when the first batch is asked for.
 * @throws {@link MalformedDataError} with the file's path if an image cannot be read, at the batch it belongs to.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import { imageFilesOf, resizeAndCrop, streamSequentialBatches, syntheticImages } from '@espalier/datasets';
 *
 * const files = imageFilesOf(syntheticImages({ size: 100, seed: 1 }));
 * const view = resizeAndCrop({ resize: 32, size: 28 });
 * let examples = 0;
 * for await (const { size } of streamSequentialBatches(files, { batchSize: 64, view })) examples += size;
 * console.log(examples); // 100
 * ```
 */
export async function* streamSequentialBatches(
  files: ImageFiles,
  options: StreamOptions,
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize } = options;
  requireWhole('batchSize', batchSize, 1);
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
  const { view, normalise, prefetch = 1, maximumDecoded = 8, signal } = options;
  requireWhole('prefetch', prefetch, 0);
  requireWhole('maximumDecoded', maximumDecoded, 1);
  if (normalise !== undefined) requireNormalisation(normalise, 3);
  let over = false;
  const cancelled = (): boolean => over || signal?.aborted === true;
  const maker = { files, view, normalise, seed, inTurn: gate(maximumDecoded), cancelled };
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
