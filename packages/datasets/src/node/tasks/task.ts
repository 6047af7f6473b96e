import type { Normalization } from '../../batch/dataset.js';
import type { ImageFiles } from '../../image/decoded-image.js';
import type { ObtainOptions } from '../sets/obtain-options.js';

/** Name of a task that {@link loadTask} loads. */
export type TaskName =
  | 'aircraft'
  | 'birdsnap'
  | 'caltech101'
  | 'caltech256'
  | 'cars'
  | 'cifar10'
  | 'cifar100'
  | 'dtd'
  | 'flowers102'
  | 'food101'
  | 'pets'
  | 'sun397';

/** How the accuracy of a task is counted: over all images, or averaged over the accuracies of the classes. */
export type TaskMetric = 'top-1' | 'mean-per-class';

/**
 * Which images are for training: as the dataset's authors say, or as in the studies of transfer by Salman et al. 2020
 * and Iofinova et al. 2022. They differ for Caltech-101 and Caltech-256, Birdsnap, and in the credits below aircraft.
 */
export type TaskSplit = 'official' | 'salman2020';

/** What is known of a task before its files are. */
export interface TaskDescription {
  /** Name for {@link loadTask}. */
  readonly name: TaskName;
  /** Name in papers. */
  readonly title: string;
  /** Number of classes. */
  readonly classCount: number;
  /** Images to train on. */
  readonly trainSize: number;
  /** Images to test on. */
  readonly testSize: number;
  /** How accuracy is counted in the literature. */
  readonly metric: TaskMetric;
  /** Learning rate of full fine-tuning in the study of sparse transfer. */
  readonly learningRateFull: number;
  /**
   * Means and standard deviations of the channels: those of ImageNet, with which features are extracted from ImageNet's
   * models, except for the two CIFARs, which have their own.
   */
  readonly normalization: Normalization;
  /** Files that are downloaded; none if its authors do not give them out any more. */
  readonly downloads: readonly string[];
  /** What the folder may look like. */
  readonly layout: string;
}

/** A task to transfer to. */
export interface Task
  extends Pick<TaskDescription, 'name' | 'title' | 'metric' | 'learningRateFull' | 'normalization'> {
  /** Names of the classes; a label is an index into them. */
  readonly classes: readonly string[];
  /** Images to train on, in a fixed order. */
  readonly train: ImageFiles;
  /** Images to test on, none of them in `train`. */
  readonly test: ImageFiles;
}

/** Where a task's files may come from, and which images are for what. */
export interface TaskOptions extends ObtainOptions {
  /**
   * Which images are for training.
   *
   * @defaultValue 'official'
   */
  readonly split?: TaskSplit | undefined;
  /**
   * Which of the ten partitions that DTD and SUN397 come with, from 1 to 10. The studies use the first.
   *
   * @defaultValue 1
   */
  readonly fold?: number | undefined;
  /**
   * For the official split of Caltech-101 and Caltech-256, whose authors only say how many images of each class to
   * draw.
   *
   * @defaultValue 0
   */
  readonly splitSeed?: number | undefined;
  /** The folder that holds the files. No other place is looked at, and nothing is downloaded. */
  readonly directory?: string | undefined;
  /**
   * Whether classes and images may be missing, for trying things out on a part of the files.
   *
   * @defaultValue false
   */
  readonly allowPartial?: boolean | undefined;
}

/** Classes and images as a module for one dataset reads them. */
export type TaskParts = Pick<Task, 'classes' | 'train' | 'test'>;
