import type { Dataset, ImageFiles, Normalization } from '@espalier/datasets';

/**
 * How accuracy on a task is counted: over all examples, or averaged over the accuracies of the classes, which differ
 * where classes have different numbers of examples.
 */
export type TaskMetric = 'top-1' | 'mean-per-class';

/** Labeled images, in memory or decoded when they are read. */
export type TaskData = Dataset | ImageFiles;

/** A task to transfer to. What `loadTask` of `@espalier/datasets/node` gives is one. */
export interface TransferTask {
  /** Short name for reports, such as `pets`. */
  readonly name: string;
  /** Metric of the literature, by which the best epoch is chosen. Both metrics are always reported. */
  readonly metric: TaskMetric;
  /** Examples to train on. */
  readonly train: TaskData;
  /** Examples to test on, of the same classes, none of them in `train`. */
  readonly test: TaskData;
  /** Statistics of the training images, for full fine-tuning. */
  readonly normalization: Normalization;
  /**
   * Learning rate of full fine-tuning.
   *
   * @defaultValue 0.001; the study takes 0.01 for Aircraft and Cars
   */
  readonly learningRateFull?: number | undefined;
}
