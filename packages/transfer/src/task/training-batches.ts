import {
  type Augmentation,
  batchAt,
  type Dataset,
  type Batch as HostBatch,
  type ImageTransform,
  randomResizedCrop,
  streamBatches,
  toTensors,
} from '@espalier/datasets';
import type { BatchSource } from '@espalier/trainer';
import { asImageFiles, type Preparation, plainNormalization } from './evaluation-batches.js';
import type { TaskData } from './task.js';

/** How training batches are made. */
export interface TrainingPreparation extends Omit<Preparation, 'transform'> {
  readonly seed: number;
  /** Position of the end of the run. */
  readonly steps: number;
  /** Random transform of images. */
  readonly trainTransform?: ImageTransform | undefined;
  /** Random changes of images in memory that have the network's size. */
  readonly augment?: Augmentation | undefined;
}

/** Batches by position, and an end to what reads ahead. */
export interface TrainingBatches {
  readonly batches: BatchSource;
  close(): Promise<void>;
}

/** Shuffled batches with augmentation, each a function of seed and position alone. */
export function trainingBatches(data: TaskData, preparation: TrainingPreparation): TrainingBatches {
  const { inputShape, batchSize, seed, steps, augment, trainTransform, signal } = preparation;
  const normalize = plainNormalization(preparation.normalize);
  const files = asImageFiles(data, { inputShape, transform: trainTransform });
  if (files === undefined) {
    const options = { batchSize, seed, normalize, ...(augment ? { augment } : {}) };
    return {
      batches: position => toTensors(batchAt(data as Dataset, { ...options, position })),
      close: async () => {},
    };
  }
  const transform = trainTransform ?? randomResizedCrop({ size: [inputShape[0], inputShape[1]] });
  const options = { batchSize, seed, normalize, transform, to: steps, ...(signal ? { signal } : {}) };
  let stream: AsyncGenerator<HostBatch, void, undefined> | undefined;
  let next = -1;
  const close = async (): Promise<void> => {
    await stream?.return();
  };
  return {
    close,
    batches: async position => {
      if (position !== next) {
        await close();
        stream = streamBatches(files, { ...options, from: position });
      }
      next = position + 1;
      const batch = await stream?.next();
      if (!batch?.value) throw new RangeError(`There is no batch at position ${position}.`);
      return toTensors(batch.value);
    },
  };
}
