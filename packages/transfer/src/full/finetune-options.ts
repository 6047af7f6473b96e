import type { Augmentation, ImageTransform, Normalization } from '@espalier/datasets';
import type { EpochScore, TransferResult } from '../training/result.js';
import type { TransferTrainingOptions } from '../training/training-options.js';
import type { RunStore } from './run-store.js';

/** An epoch of {@link fullFinetune} was scored. */
export interface FullFinetuneEvent {
  /** Discriminant. */
  readonly type: 'epoch';
  /** Seed of the run. */
  readonly seed: number;
  /** Its scores. */
  readonly score: EpochScore;
}

/** Something that {@link fullFinetune} does although it is probably not meant. */
export interface FullFinetuneWarning {
  /** Stable identifier. */
  readonly code: 'DENSE_CHECKPOINT';
  /** What it means. */
  readonly message: string;
}

/** Settings of {@link fullFinetune}; the defaults are the study's. */
export interface FullFinetuneOptions extends TransferTrainingOptions {
  /**
   * One run for each: root of the head's first weights, of the order of examples and of augmentation.
   *
   * @defaultValue [21, 51, 81]
   */
  readonly seeds?: readonly number[] | undefined;
  /**
   * Learning rate of the first epoch, above 0.
   *
   * @defaultValue the task's `learningRateFull`, else 0.001
   */
  readonly learningRate?: number | undefined;
  /**
   * Name of the layer whose output the classifier works on, averaged over all places; for networks whose classifier
   * cannot be told.
   *
   * @defaultValue the layer before the network's own classifier
   */
  readonly featureLayer?: string | undefined;
  /**
   * Whether the network has a classifier: `'find'` takes the last dense layer, or a convolution that gives a value for
   * each class, and takes a network that ends in a map, or in what is pooled or flattened of one, to have none.
   * `'none'` says that it has none, as where a dense layer at the end gives an embedding: its output is the features.
   *
   * @defaultValue 'find'
   */
  readonly head?: 'find' | 'none' | undefined;
  /**
   * Examples in a step, at most as many as there are to train on. An epoch has `floor(size / batchSize)` steps.
   *
   * @defaultValue 64, or all of fewer
   */
  readonly batchSize?: number | undefined;
  /**
   * What images are normalized with.
   *
   * @defaultValue what the network carries with it, else the task's normalization
   */
  readonly normalize?: Normalization | undefined;
  /**
   * Random transform of the training images.
   *
   * @defaultValue `randomResizedCrop` with mirroring; nothing for images in memory that have the network's size
   */
  readonly trainTransform?: ImageTransform | undefined;
  /**
   * Transform of the test images.
   *
   * @defaultValue shorter side to 8/7 of the size (256 for 224), bilinear, and the middle cut out; nothing for images
   *   in memory that have the network's size
   */
  readonly testTransform?: ImageTransform | undefined;
  /** Random changes of training images in memory that have the network's size. None if left out. */
  readonly augment?: Augmentation | undefined;
  /**
   * Whether a network without a zero may be fine-tuned, as the baseline of a study. `onWarning` is told.
   *
   * @defaultValue false
   */
  readonly allowDense?: boolean | undefined;
  /** Makes runs resumable, and keeps the fine-tuned networks. */
  readonly store?: RunStore | undefined;
  /**
   * Epochs from one save to the next; the end of a run and an abort are always saved.
   *
   * @defaultValue 5
   */
  readonly saveEvery?: number | undefined;
  /** Called with every event, and awaited. */
  readonly onEvent?: ((event: FullFinetuneEvent) => unknown) | undefined;
  /** Called with every warning. */
  readonly onWarning?: ((warning: FullFinetuneWarning) => void) | undefined;
  /**
   * Aborting it ends the run after the current step or within scoring, saves it, and rejects with the signal's reason.
   * An epoch that was trained but not scored is scored when the run goes on.
   */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link fullFinetune} reports. */
export interface FullFinetuneResult extends TransferResult {
  /** Sparsity of the backbone's prunable weights, before and after; the dense new head does not count. */
  readonly sparsity: number;
}
