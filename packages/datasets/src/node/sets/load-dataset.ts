import { checkOptions, type OptionRules, rules } from '@espalier/core';
import type { Split } from '../../batch/dataset.js';
import { UnknownDatasetError } from '../../errors.js';
import { embeddedDigits } from '../../formats/digits.js';
import { type SyntheticSplitOptions, syntheticSplit, syntheticSplitRules } from '../../formats/synthetic.js';
import { cifar10 } from './cifar10.js';
import { mnist } from './mnist.js';
import { type ObtainOptions, obtainRules } from './obtain-options.js';

/** Where data may come from, and what synthetic data should be like. */
export interface LoadDatasetOptions extends ObtainOptions {
  /** Changes to `synthetic`, which otherwise has 2,000 and 500 images of 28x28x1 in 10 classes. */
  readonly synthetic?: Partial<SyntheticSplitOptions> | undefined;
}

/** Name of a dataset that {@link loadDataset} loads. */
export type DatasetName = 'digits' | 'mnist' | 'cifar10' | 'synthetic';

const loaders: Readonly<Record<DatasetName, (options: LoadDatasetOptions) => Split | Promise<Split>>> = {
  digits: () => embeddedDigits(),
  mnist: ({ synthetic: _, ...options }) => mnist(options),
  cifar10: ({ synthetic: _, ...options }) => cifar10(options),
  synthetic: ({ synthetic = {} }) => {
    const { trainSize = 2000, testSize = 500, ...rest } = synthetic;
    return syntheticSplit({ ...rest, trainSize, testSize });
  },
};

/**
 * Names of all datasets; the first and the last need no files.
 *
 * @example
 * ```ts
 * import { datasetNames } from '@espalier/datasets/node';
 *
 * console.log(datasetNames); // ['digits', 'mnist', 'cifar10', 'synthetic']
 * ```
 */
export const datasetNames: readonly DatasetName[] = ['digits', 'mnist', 'cifar10', 'synthetic'];

const loadDatasetRules: OptionRules<LoadDatasetOptions> = {
  ...obtainRules,
  synthetic: rules.optional(
    rules.object<Partial<SyntheticSplitOptions>>({
      ...syntheticSplitRules,
      trainSize: rules.optional(syntheticSplitRules.trainSize),
      testSize: rules.optional(syntheticSplitRules.testSize),
    }),
  ),
};

/**
 * Loads a dataset by its name, for command lines and configuration files.
 *
 * @param name - One of {@link datasetNames}, exactly.
 * @param options - Where it may come from.
 * @returns Both parts and their normalization.
 * @throws {@link UnknownDatasetError} if there is no such dataset.
 * @throws {@link MissingDataError} if its files are nowhere; says where it looked and what to do.
 * @throws {@link MalformedDataError} if files that were found are damaged.
 * @throws {@link DataTooLargeError} if they ask for more than the limits allow.
 * @throws {@link FileAccessError} if the operating system refuses a file or folder.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { loadDataset } from '@espalier/datasets/node';
 *
 * const { train } = await loadDataset('synthetic', { synthetic: { trainSize: 100, seed: 1 } });
 * console.log(train.size); // 100
 * ```
 */
export async function loadDataset(name: string, options: LoadDatasetOptions = {}): Promise<Split> {
  if (typeof name !== 'string' || !Object.hasOwn(loaders, name)) throw new UnknownDatasetError(name, datasetNames);
  checkOptions(options, loadDatasetRules);
  return loaders[name as DatasetName](options);
}

/** What is known of a dataset before its files are. */
export interface DatasetDescription {
  /** Name for {@link loadDataset}. */
  readonly name: DatasetName;
  /** Height, width and channels of an image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Number of classes. */
  readonly classCount: number;
}

const shapes: Readonly<Record<DatasetName, DatasetDescription['shape']>> = {
  digits: [28, 28, 1],
  mnist: [28, 28, 1],
  cifar10: [32, 32, 3],
  synthetic: [28, 28, 1],
};

/**
 * The shape of a dataset's images and the number of its classes, without a file; of `synthetic` those that it has
 * without options.
 *
 * @param name - One of {@link datasetNames}, exactly.
 * @throws {@link UnknownDatasetError} if there is no such dataset.
 *
 * @example
 * ```ts
 * import { describeDataset } from '@espalier/datasets/node';
 *
 * console.log(describeDataset('cifar10').shape); // [32, 32, 3]
 * ```
 */
export function describeDataset(name: string): DatasetDescription {
  if (typeof name !== 'string' || !Object.hasOwn(shapes, name)) throw new UnknownDatasetError(name, datasetNames);
  return { name: name as DatasetName, shape: shapes[name as DatasetName], classCount: 10 };
}
