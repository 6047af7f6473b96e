import { malformedImages } from '../images/malformed-images.js';
import { few, type LabeledImagesWarning } from './listing.js';
import { partOf } from './part-names.js';

/** The folders that say what images are for, by name. */
export interface PartFolders {
  readonly train: string;
  readonly test: string;
  /** Other folders to test on. */
  readonly unused: readonly string[];
}

/** What the folders at the top are: `parts`, `only` one that has classes, no `classes`, or else the classes. */
export type TopFolders = { readonly warnings: readonly LabeledImagesWarning[] } & (
  | { readonly parts: PartFolders }
  | { readonly only: string }
  | { readonly classes: 'none' }
  | object
);

/**
 * Tells folders for training and testing from classes by their names and by what lies in them, so that nobody trains a
 * network to tell the one from the other.
 *
 * @param folder - What errors name.
 * @param images - Paths below it.
 */
export function partsIn(folder: string, images: readonly string[]): TopFolders {
  const tops = foldersOf(images);
  const withClasses = [...tops].filter(([, classes]) => classes.size > 0).map(([name]) => name);
  const ranked = (part: 'train' | 'test'): string[] =>
    withClasses
      .filter(name => partOf(name)?.part === part)
      .sort((a, b) => (partOf(a)?.rank ?? 0) - (partOf(b)?.rank ?? 0));
  const [train, ...moreTrain] = ranked('train');
  const [test, ...unused] = ranked('test');
  if (train !== undefined && test !== undefined) {
    if (moreTrain.length === 0) return { parts: { train, test, unused }, warnings: [] };
    const all = [train, ...moreTrain].join(' and ');
    throw malformedImages(all, 'there are two folders to train on, so that nobody can tell which one is meant');
  }
  const names = [...tops.keys()];
  const partsOnly = names.length > 1 && names.every(name => partOf(name) !== undefined);
  if (partsOnly && train !== undefined && moreTrain.length === 0) return onlyTrain(train, names);
  if (partsOnly && names.some(name => partOf(name)?.part === 'train')) return { classes: 'none', warnings: [] };
  return lookAlikes(folder, tops);
}

/** By the name of each folder at the top, the folders in it that have images. */
function foldersOf(images: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const tops = new Map<string, Set<string>>();
  for (const path of images) {
    const [top, below, file] = path.split('/');
    if (top === undefined || below === undefined) continue;
    const found = tops.get(top) ?? new Set<string>();
    tops.set(top, found);
    if (file !== undefined) found.add(below);
  }
  return tops;
}

function onlyTrain(train: string, names: readonly string[]): TopFolders {
  const others = few(names.filter(name => name !== train));
  const message = `There are no class folders in ${others}: a part of ${JSON.stringify(train)} is there to test on.`;
  return { only: train, warnings: [{ code: 'PART_NOT_USED', message }] };
}

/** Folders that all hold the same ones are probably parts, whatever they are called. */
function lookAlikes(folder: string, tops: ReadonlyMap<string, ReadonlySet<string>>): TopFolders {
  const [first, ...others] = [...tops.values()];
  const shared = [...(first ?? [])].filter(name => others.every(found => found.has(name)));
  if (others.length === 0 || shared.length < 2) return { warnings: [] };
  const names = [...tops.keys()];
  const inAll = `${few(names)} all hold folders ${few(shared)}`;
  if (names.some(name => partOf(name) !== undefined)) {
    const problem = `its folders ${inAll}, so that they are parts and no classes; call them "train" and "test"`;
    throw malformedImages(folder, problem);
  }
  const message = `${inAll}, and are taken for the classes. If they are for training and testing, call them "train" and "test".`;
  return { warnings: [{ code: 'CLASSES_LIKE_PARTS', message }] };
}
