import type { Dataset, ImageShape, Normalization } from '@espalier/datasets';
import type { Batches, BatchSource } from '@espalier/trainer';
import type { OwnData } from './own-data.js';

/** How training batches are made. */
export interface TrainingRequest {
  readonly batchSize: number;
  readonly seed: number;
  readonly normalize: Normalization;
  /** Position of the end of the run. */
  readonly steps: number;
}

/** Batches by position, and an end to what reads ahead. */
export interface TrainingBatches {
  readonly batches: BatchSource;
  close(): Promise<void>;
}

/** The examples of a run, wherever they come from. */
export interface RunData {
  /** Of the training examples, for reports. */
  readonly name: string;
  readonly testName: string;
  readonly classes: readonly string[];
  /** Height, width and channels of every image. */
  readonly shape: ImageShape;
  /** Number of training examples. */
  readonly size: number;
  /** What a recipe keeps of images of one's own. */
  readonly own?: OwnData | undefined;
  /** Statistics of the training examples, where they are known. */
  readonly normalization?: Normalization | undefined;
  /** Number of training examples of each class. */
  counts(): number[];
  /** Training examples, shuffled and changed at random, each batch a function of seed and position alone. */
  training(request: TrainingRequest): TrainingBatches;
  /** All test examples in order, anew at each call. */
  testing(batchSize: number, normalize: Normalization): () => Batches;
}

/** How many examples there are of each class. */
export function countsOf(examples: {
  readonly classes: readonly string[];
  readonly size: number;
  label(index: number): number;
}): number[] {
  const counts = examples.classes.map(() => 0);
  for (let index = 0; index < examples.size; index++) {
    const label = examples.label(index);
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}

/** What a network has to be built for. */
export function shapesOf(data: RunData | undefined): { inputShape?: Dataset['shape']; classes?: number } {
  return data ? { inputShape: data.shape, classes: data.classes.length } : {};
}
