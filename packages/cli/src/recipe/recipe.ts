import type { OptionData } from '@espalier/core';
import type { OwnData } from '../data/own-data.js';
import type { Shortcuts } from '../method/given-options.js';
import type { ClassWeights } from '../options/class-weights.js';
import type { LearningRate } from '../options/learning-rate.js';
import type { RequestedTeacher, Teacher } from '../teacher/teacher.js';

/**
 * Everything that decides how a run turns out, as plain data. Kept in its checkpoints, so that `--resume` needs no
 * options.
 */
export interface Recipe {
  /** Name of the dataset, or `images` for those of `data`. */
  readonly dataset: string;
  /** Images of one's own. */
  readonly data?: OwnData | undefined;
  /** Name of the model, or `null` for the network of `from`. */
  readonly model: string | null;
  /** File of the network that is pruned or trained, or `null` for a new one. */
  readonly from: string | null;
  /** Built-in architecture, or module that builds it, of which `from` has only the weights. */
  readonly architecture?: string;
  readonly seed: number;
  /** Optimizer steps of the run, rounds and phases together. */
  readonly steps: number;
  readonly batchSize: number;
  /** The highest one of a cosine, or a schedule by position. */
  readonly learningRate: LearningRate;
  readonly warmUp: number;
  readonly weightDecay: number;
  /** Fraction of the statistics of batch normalization that each step keeps; the network's own if left out. */
  readonly batchNormMomentum?: number;
  readonly labelSmoothing: number;
  /** Name of the loss, or module and name of a function; what the network itself asks for if left out. */
  readonly loss?: string;
  /** What is told besides the loss: names, or modules and names of functions; accuracy if left out. */
  readonly metric?: readonly string[];
  /** Weights of the examples of each class; all the same if left out. */
  readonly classWeights?: ClassWeights;
  /** A network to learn from besides the labels. */
  readonly teacher?: Teacher;
  /** Name of a method, a package or a file; `dense` for a run of `train`. */
  readonly method: string;
  /** All options of the method, as data. */
  readonly options: OptionData;
  /** Weights to prune that stay dense by default, and weights to leave dense: names, or patterns between slashes. */
  readonly include?: readonly string[];
  readonly except?: readonly string[];
  /** Kernel of the classifier that was made anew for the classes of the data: dense, unless `include` names it. */
  readonly newClassifier?: string;
}

/** What was asked for on a command line. */
export type RequestedOptions = { readonly [Key in keyof Omit<Recipe, 'warmUp' | 'teacher'>]?: Recipe[Key] } & {
  readonly teacher?: RequestedTeacher;
  readonly epochs?: number;
  /** Steps, or epochs as they are written. */
  readonly warmUp?: number | string;
  /** Options of the method that a file of a recipe has, below the others. */
  readonly recipeOptions?: OptionData;
} & Shortcuts;

/** Steps in one pass over the data with a batch size. */
export type StepsPerEpoch = (batchSize: number) => number;
