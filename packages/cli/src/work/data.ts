import { batchAt, type Split, sequentialBatches, toTensors } from '@espalier/datasets';
import { describeDataset, type LoadProgress, loadDataset } from '@espalier/datasets/node';
import type { Batch, BatchSource } from '@espalier/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { DatasetMismatchError } from '../errors.js';
import type { Progress } from '../output/progress.js';

/** Loads a dataset, in no more memory than that if it is given, and shows how that goes. */
export async function loadData(
  name: string,
  progress: Progress,
  signal: AbortSignal,
  maximumMemory?: number,
): Promise<Split> {
  return loadDataset(name, {
    signal,
    onProgress: showLoading(progress),
    ...(maximumMemory === undefined ? {} : { maximumMemory }),
  });
}

const doing = { download: 'Downloading', unpack: 'Unpacking', decode: 'Decoding' } as const;

/** Shows what is downloaded, unpacked or decoded, a line for each file. */
export function showLoading(progress: Progress): (loading: LoadProgress) => void {
  let last = '';
  return ({ activity, item }) => {
    const line = `${doing[activity]} ${item}`;
    if (line !== last) progress.line(line);
    last = line;
  };
}

/** Training batches by position. Images in color are cropped and flipped, others only moved a little. */
export function trainingBatches(split: Split, { batchSize, seed }: { batchSize: number; seed: number }): BatchSource {
  const { train, normalization: normalize } = split;
  const augment = train.shape[2] === 3 ? { crop: 4, flip: true } : { crop: 1 };
  return position => toTensors(batchAt(train, { position, batchSize, seed, augment, normalize }));
}

/** All test examples, anew at each call. */
export function testBatches({ test, normalization: normalize }: Split, batchSize: number): () => Generator<Batch> {
  return function* () {
    for (const batch of sequentialBatches(test, { batchSize, normalize })) yield toTensors(batch);
  };
}

/** Whether a network can look at the images of a dataset and has its number of classes. */
export function fits(model: LayersModel, dataset: string): boolean {
  const { shape, classCount } = describeDataset(dataset);
  const { takes, gives } = endsOf(model);
  return (
    takes.length === 3 && takes.every((side, axis) => side === null || side === shape[axis]) && gives === classCount
  );
}

/**
 * Refuses a network that cannot look at the images of a dataset or has another number of classes, before any of them is
 * read.
 */
export function requireFit(model: LayersModel, dataset: string): void {
  if (fits(model, dataset)) return;
  const { shape, classCount } = describeDataset(dataset);
  const { takes, gives } = endsOf(model);
  const images = `images of ${shape.join('×')} in ${classCount} classes`;
  throw new DatasetMismatchError(dataset, images, `[${takes.join('×')}] and ${gives} classes`);
}

function endsOf(model: LayersModel): { takes: (number | null)[]; gives: number | null | undefined } {
  return { takes: model.inputs[0]?.shape.slice(1) ?? [], gives: model.outputs[0]?.shape.at(-1) };
}
