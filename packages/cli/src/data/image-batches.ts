import {
  type Batch as HostBatch,
  type ImageFiles,
  type ImageTransform,
  type Normalization,
  streamBatches,
  streamSequentialBatches,
  toTensors,
} from '@espalier/datasets';
import type { Batches } from '@espalier/trainer';
import { grayBatch, grayTransform } from './gray.js';
import type { TrainingBatches, TrainingRequest } from './run-data.js';

/** How image files become what a network takes. */
export interface Preparation {
  readonly transform: ImageTransform;
  /** 3, or 1 for gray. */
  readonly channels: number;
  readonly signal?: AbortSignal | undefined;
}

/** Training batches by position; a stream that reads ahead is opened anew where the position jumps. */
export function trainingBatchesOf(
  files: ImageFiles,
  preparation: Preparation,
  { batchSize, seed, normalize, steps }: TrainingRequest,
): TrainingBatches {
  let stream: AsyncGenerator<HostBatch, void, undefined> | undefined;
  let next = -1;
  const close = async (): Promise<void> => {
    await stream?.return();
    stream = undefined;
  };
  return {
    close,
    batches: async position => {
      if (position !== next || stream === undefined) {
        await close();
        stream = streamBatches(files, {
          ...streaming(preparation, normalize),
          batchSize,
          seed,
          from: position,
          to: Math.max(steps, position + 1),
        });
      }
      next = position + 1;
      const batch = await stream.next();
      if (!batch.value) throw new RangeError(`There is no batch at position ${position}.`);
      return toTensors(inChannels(batch.value, preparation));
    },
  };
}

/** Every image once, in order, on the host. */
export async function* hostBatchesOf(
  files: ImageFiles,
  preparation: Preparation,
  batchSize: number,
  normalize: Normalization,
): AsyncGenerator<HostBatch, void, undefined> {
  const stream = streamSequentialBatches(files, { ...streaming(preparation, normalize), batchSize });
  for await (const batch of stream) yield inChannels(batch, preparation);
}

/** The same as tensors. */
export async function* testBatchesOf(
  ...given: Parameters<typeof hostBatchesOf>
): AsyncGenerator<Awaited<ReturnType<typeof toTensors>>, void, undefined> {
  for await (const batch of hostBatchesOf(...given)) yield toTensors(batch);
}

/** A function that begins with the first image at each call. */
export const testing =
  (files: ImageFiles, preparation: Preparation, batchSize: number, normalize: Normalization): (() => Batches) =>
  () =>
    testBatchesOf(files, preparation, batchSize, normalize);

function streaming({ transform, channels, signal }: Preparation, { mean, std }: Normalization) {
  const spread = (values: readonly number[]): readonly number[] =>
    channels === 1 ? [values[0] ?? 0, values[0] ?? 0, values[0] ?? 0] : values;
  return {
    transform: channels === 1 ? grayTransform(transform) : transform,
    normalize: { mean: spread(mean), std: spread(std) },
    ...(signal === undefined ? {} : { signal }),
  };
}

const inChannels = (batch: HostBatch, { channels }: Preparation): HostBatch =>
  channels === 1 ? grayBatch(batch) : batch;
