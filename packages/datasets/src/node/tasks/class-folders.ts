import { permutation, randomStream } from '../../batch/random.js';
import { MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { filesBelow } from '../images/files-below.js';
import { imageList, type ListedImage } from '../images/image-list.js';
import { isImageName } from '../passed-over.js';
import type { TaskParts, TaskSplit } from './task.js';

/** How many images of each class folder are for training. */
export interface ClassFolderSplit {
  /** Name of the dataset. */
  readonly name: string;
  /** Folder with one folder for each class. */
  readonly folder: string;
  readonly limits: ReadLimits;
  /** Images of each class to train on; all others are for testing. */
  readonly trainPerClass: number;
  readonly split: TaskSplit;
  readonly splitSeed: number;
  /** Folders that are no class. */
  readonly without: readonly string[];
}

/**
 * Splits class folders as Caltech-101 and Caltech-256 are: `'salman2020'` trains on the first images of each class in
 * the sorted listing, `'official'` on as many drawn at random. Images are files directly in a class folder whose name
 * ends like one of an image.
 */
export async function splitClassFolders(options: ClassFolderSplit): Promise<TaskParts> {
  const { name, folder, limits, trainPerClass, split, splitSeed } = options;
  const byClass = await imagesByClass(folder, limits, options.without);
  const classes = [...byClass.keys()];
  const train: ListedImage[] = [];
  const test: ListedImage[] = [];
  for (const [label, paths] of [...byClass.values()].entries()) {
    if (paths.length <= trainPerClass) {
      const problem = `class ${classes[label]} has ${paths.length} images, so that none is left to test on after ${trainPerClass}`;
      throw new MalformedDataError(folder, problem);
    }
    const order =
      split === 'salman2020' ? paths.keys() : permutation(paths.length, randomStream(splitSeed, 'order', label));
    const chosen = new Set([...order].slice(0, trainPerClass));
    for (const [index, path] of paths.entries()) (chosen.has(index) ? train : test).push({ path, label });
  }
  const list = (part: string, images: readonly ListedImage[]) =>
    imageList({ ...limits, name: `${name}/${part}`, classes, folder, images });
  return { classes, train: list('train', train), test: list('test', test) };
}

/** Paths of the images of every class, classes and paths sorted by code unit, as Python sorts. */
export async function imagesByClass(
  folder: string,
  limits: ReadLimits,
  without: readonly string[] = [],
): Promise<Map<string, string[]>> {
  const byClass = new Map<string, string[]>();
  for (const path of await filesBelow(folder, limits)) {
    const [directory, file, ...deeper] = path.split('/') as [string, string | undefined, ...string[]];
    if (file === undefined || deeper.length > 0 || !isImageName(file) || without.includes(directory)) continue;
    const paths = byClass.get(directory);
    if (paths === undefined) byClass.set(directory, [path]);
    else paths.push(path);
  }
  if (byClass.size === 0) throw new MalformedDataError(folder, 'there are no class folders with images');
  return new Map([...byClass].sort(([a], [b]) => (a < b ? -1 : 1)));
}
