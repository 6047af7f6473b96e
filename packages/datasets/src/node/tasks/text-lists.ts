import { MalformedDataError } from '../../errors.js';
import type { ImageFiles } from '../../image/decoded-image.js';
import type { ReadLimits } from '../../read-limits.js';
import { filesBelow } from '../images/files-below.js';
import { imageList, type ListedImage } from '../images/image-list.js';
import { present } from './task-source.js';

/** Images that a text file names, with the names of their classes. */
export interface NamedImages {
  /** The text file, for errors. */
  readonly source: string;
  /** Path below the folder of the images, and name of the class. */
  readonly images: readonly (readonly [path: string, className: string])[];
}

/** What {@link namedLists} needs. */
export interface NamedListsOptions {
  readonly name: string;
  readonly classes: readonly string[];
  /** Folder that the paths begin at. */
  readonly folder: string;
  readonly train: NamedImages;
  readonly test: NamedImages;
  readonly allowPartial: boolean;
  readonly limits: ReadLimits;
  readonly cutBottom?: number;
}

/** The two parts of a task whose images are listed with the names of their classes; the folder is read once. */
export async function namedLists(options: NamedListsOptions): Promise<{ train: ImageFiles; test: ImageFiles }> {
  const { name, classes, folder, allowPartial, limits, cutBottom = 0 } = options;
  const labels = new Map(classes.map((className, label) => [className, label]));
  if (labels.size < classes.length) throw new MalformedDataError(name, 'two classes have the same name');
  const there = new Set(await filesBelow(folder, limits));
  const list = (part: 'train' | 'test'): ImageFiles => {
    const { source } = options[part];
    const listed = options[part].images.map(([path, className]): ListedImage => {
      const label = labels.get(className);
      if (label === undefined) throw new MalformedDataError(source, `"${className}" of ${path} is none of the classes`);
      return { path, label };
    });
    if (listed.length === 0) throw new MalformedDataError(source, 'it lists no images');
    const images = present(listed, there, source, allowPartial);
    return imageList({ ...limits, name: `${name}/${part}`, classes, folder, images, cutBottom });
  };
  const parts = { train: list('train'), test: list('test') };
  requireDisjoint(options);
  return parts;
}

function requireDisjoint({ train, test }: NamedListsOptions): void {
  const training = new Set(train.images.map(([path]) => path));
  const shared = test.images.find(([path]) => training.has(path));
  if (shared === undefined) return;
  throw new MalformedDataError(test.source, `${shared[0]} is for testing, but ${train.source} lists it for training`);
}
