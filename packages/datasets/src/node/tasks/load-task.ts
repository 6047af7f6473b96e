import { checkOptions } from '@espalier/core';
import { FileAccessError } from '@espalier/core/node';
import { MalformedDataError, UnknownDatasetError } from '../../errors.js';
import { limitsOf } from '../../read-limits.js';
import { MissingDataError } from '../errors.js';
import { cacheDirectory } from '../fetch/directories.js';
import { isMissing } from '../file-system.js';
import { obtain } from '../sets/obtain.js';
import { aircraft } from './aircraft.js';
import { birdsnap } from './birdsnap.js';
import { caltech101 } from './caltech101.js';
import { caltech256 } from './caltech256.js';
import { cars } from './cars.js';
import { cifar10Task } from './cifar10.js';
import { cifar100 } from './cifar100.js';
import { dtd } from './dtd.js';
import { flowers102 } from './flowers102.js';
import { food101 } from './food101.js';
import { pets } from './pets.js';
import { sun397 } from './sun397.js';
import type { Task, TaskDescription, TaskName, TaskOptions, TaskParts } from './task.js';
import { taskRules } from './task-rules.js';
import { type TaskSource, taskFolder } from './task-source.js';

const sources: Readonly<Record<TaskName, TaskSource>> = {
  aircraft,
  birdsnap,
  caltech101,
  caltech256,
  cars,
  cifar10: cifar10Task,
  cifar100,
  dtd,
  flowers102,
  food101,
  pets,
  sun397,
};

/**
 * Names of the twelve tasks of the study of sparse transfer.
 *
 * @example
 * ```ts
 * import { taskNames } from '@espalier/datasets/node';
 *
 * console.log(taskNames.length); // 12
 * ```
 */
export const taskNames: readonly TaskName[] = Object.keys(sources) as TaskName[];

/**
 * What is known of a task before its files are: sizes, metric, where it is downloaded from, how a folder has to look.
 *
 * @param name - One of {@link taskNames}, exactly.
 * @throws {@link UnknownDatasetError} if there is no such task.
 *
 * @example
 * ```ts
 * import { describeTask } from '@espalier/datasets/node';
 *
 * const { classCount, metric } = describeTask('pets');
 * console.log(classCount, metric); // 37 mean-per-class
 * ```
 */
export function describeTask(name: string): TaskDescription {
  return sourceOf(name).description;
}

function sourceOf(name: string): TaskSource {
  if (typeof name === 'string' && Object.hasOwn(sources, name)) return sources[name as TaskName];
  throw new UnknownDatasetError(name, taskNames);
}

/**
 * Loads a task to transfer to: lists of its images, which are decoded when they are read.
 *
 * Looks in the folder with the task's name in the data directory, then in that of the cache, for the files that its
 * authors give out, unpacked or in their archives; then downloads the archives into the cache (checked, and taken up
 * where they were cut). Archives are unpacked below the cache once. Cars and Birdsnap are not given out any more: bring
 * the folder.
 *
 * @param name - One of {@link taskNames}, exactly.
 * @param options - Split, folder or places to look at, whether to download, progress, signal.
 * @returns Lists of the images for training and for testing, in an order that does not depend on the machine.
 * @throws {@link UnknownDatasetError} if there is no such task.
 * @throws {@link MissingDataError} if the files are nowhere; says where it looked and how the folder has to look.
 * @throws {@link MalformedDataError} if files that were found are damaged or not all of them.
 * @throws {@link DataTooLargeError} if they ask for more than the limits allow.
 * @throws {@link FileAccessError} if the operating system refuses a file or folder.
 * @throws {@link UnsafeArchiveError} if an archive holds links or paths that lead out of it.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 * @throws The signal's reason if it is aborted.
 * @see Kornblith, Shlens and Le 2019, "Do better ImageNet models transfer better?", table 1; Salman et al. 2020, "Do
 * adversarially robust ImageNet models transfer better?"; Iofinova et al. 2022, "How well do sparse ImageNet models
 * transfer?".
 *
 * @example
 * ```ts
 * import { type Batch, resizeAndCrop, streamSequentialBatches } from '@espalier/datasets';
 * import { loadTask } from '@espalier/datasets/node';
 *
 * export async function testBatches(): Promise<AsyncIterable<Batch>> {
 *   const { test, normalization } = await loadTask('caltech101', { split: 'salman2020', download: false });
 *   return streamSequentialBatches(test, { batchSize: 64, transform: resizeAndCrop(), normalize: normalization });
 * }
 * ```
 */
export async function loadTask(name: string, options: TaskOptions = {}): Promise<Task> {
  const source = sourceOf(name);
  const { description } = source;
  checkOptions(options, taskRules);
  const { split = 'official', fold = 1, splitSeed = 0 } = options;
  const cache = options.cacheDirectory ?? cacheDirectory();
  const fromFolder = (folder: string): Promise<TaskParts> =>
    source
      .read(taskFolder(folder, { ...options, cacheDirectory: cache, limits: limitsOf(options), source }), {
        split,
        fold,
        splitSeed,
      })
      .catch(incomplete(source));
  const parts = await (options.directory === undefined
    ? anywhere(source, fromFolder, options)
    : fromFolder(options.directory));
  const count = parts.classes.length;
  if (count !== description.classCount && options.allowPartial !== true) {
    const problem = `there are ${count} classes instead of ${description.classCount}; allowPartial takes them all the same`;
    throw new MalformedDataError(description.name, problem);
  }
  const { title, metric, learningRateFull, normalization } = description;
  return { name: description.name, title, metric, learningRateFull, normalization, ...parts };
}

/** A list or folder that should be beside another one is not. */
const incomplete =
  ({ description }: TaskSource) =>
  (error: unknown): never => {
    if (!(error instanceof FileAccessError) || !isMissing(error) || error.action === 'create directory') throw error;
    throw new MissingDataError(description.name, [error.path], `The folder has to hold ${description.layout}`, {
      cause: error,
    });
  };

async function anywhere(
  source: TaskSource,
  fromFolder: (folder: string) => Promise<TaskParts>,
  options: TaskOptions,
): Promise<TaskParts> {
  const { description, mirrors, files } = source;
  if (files.length > 0) return obtain({ dataset: description.name, mirrors, files, fromFolder }, options);
  try {
    return await obtain({ dataset: description.name, mirrors, files, fromFolder }, { ...options, download: false });
  } catch (error) {
    if (!(error instanceof MissingDataError)) throw error;
    const { name, layout } = description;
    const remedy =
      `It cannot be downloaded any more. Pass a folder as "directory" that holds ${layout}. Or name that folder ` +
      `"${name}" and set ESPALIER_DATA to the one above`;
    throw new MissingDataError(description.name, error.looked, remedy, { cause: error });
  }
}
