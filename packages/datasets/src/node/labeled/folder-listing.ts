import type { Below } from '../images/files-below.js';
import { malformedImages } from '../images/malformed-images.js';
import { isImageName } from '../passed-over.js';
import { type FoundImage, few, type LabeledImagesWarning, type Listing, type Part, passedOver } from './listing.js';

/** Names of folders and of values of a split column that say what images are for; the earlier ones are preferred. */
const partNames: Readonly<Record<Part, readonly string[]>> = {
  train: ['train', 'training'],
  test: ['test', 'testing', 'val', 'valid', 'validation'],
};

/** The part that a name means, and how much it is preferred, from 0; `undefined` if it means none. */
export function partOf(name: string): { readonly part: Part; readonly rank: number } | undefined {
  const written = name.trim().toLowerCase();
  for (const part of ['train', 'test'] as const) {
    const rank = partNames[part].indexOf(written);
    if (rank >= 0) return { part, rank };
  }
  return undefined;
}

/**
 * Lists class folders, or a folder with one folder of them to train on and one to test on. Folders that hold nothing
 * but one other, as archives often do, are gone through.
 */
export function listFolder(folder: string, below: Below): Listing {
  const images = below.files.filter(isImageName);
  const inside = wrapperOf(images);
  const parts = partsIn(images, inside);
  const root = inside === '' ? folder : `${folder}/${inside}`;
  const of = (path: string): string => path.slice(inside === '' ? 0 : inside.length + 1);
  const within = images.filter(path => isBelow(path, inside));
  const found = within.flatMap(path => foundImage(of(path), parts));
  const taken = new Set(found.map(({ path }) => path));
  const unlabeled = images.filter(path => !isBelow(path, inside) || !taken.has(of(path)));
  const notImages = below.files.filter(path => !isImageName(path));
  const unused = parts?.unused ?? [];
  const warnings: LabeledImagesWarning[] = unused.map(name => ({
    code: 'PART_NOT_USED',
    message: `The folder ${JSON.stringify(name)} is neither trained nor tested on: ${parts?.test} is there to test on.`,
  }));
  return {
    source: parts ? 'train and test folders' : 'class folders',
    folder: root,
    images: found,
    passedOver: passedOver({ leftBehind: below.passedOver, notImages, unlabeled }),
    warnings: [...warnings, ...emptyClasses(below.folders.filter(path => isBelow(path, inside)).map(of), found, parts)],
  };
}

interface PartFolders {
  readonly train: string;
  readonly test: string;
  /** Other folders to test on. */
  readonly unused: readonly string[];
}

const isBelow = (path: string, inside: string): boolean => inside === '' || path.startsWith(`${inside}/`);

/** The folder that all images lie in, as long as there are folders of classes below it. */
function wrapperOf(images: readonly string[]): string {
  const wrapper: string[] = [];
  const split = images.map(path => path.split('/'));
  for (let depth = 0; ; depth++) {
    const name = split[0]?.[depth];
    if (name === undefined || !split.every(parts => parts.length >= depth + 3 && parts[depth] === name)) break;
    wrapper.push(name);
  }
  return wrapper.join('/');
}

/** Folders for training and testing, if both are there and hold class folders with images. */
function partsIn(images: readonly string[], inside: string): PartFolders | undefined {
  const names = new Set<string>();
  for (const path of images) {
    if (!isBelow(path, inside)) continue;
    const parts = path.slice(inside === '' ? 0 : inside.length + 1).split('/');
    if (parts.length >= 3 && parts[0] !== undefined) names.add(parts[0]);
  }
  const ranked = (part: Part): string[] =>
    [...names]
      .filter(name => partOf(name)?.part === part)
      .sort((a, b) => (partOf(a)?.rank ?? 0) - (partOf(b)?.rank ?? 0));
  const [train, ...moreTrain] = ranked('train');
  const [test, ...unused] = ranked('test');
  if (train === undefined || test === undefined) return undefined;
  if (moreTrain.length > 0) {
    const all = [train, ...moreTrain].join(' and ');
    throw malformedImages(all, 'there are two folders to train on, so that nobody can tell which one is meant');
  }
  return { train, test, unused };
}

function foundImage(path: string, parts: PartFolders | undefined): FoundImage[] {
  const names = path.split('/');
  const [first, second] = names;
  if (!parts) {
    return names.length >= 2 && first !== undefined ? [{ path, className: first.normalize('NFC') }] : [];
  }
  if (names.length < 3 || second === undefined || (first !== parts.train && first !== parts.test)) return [];
  return [{ path, className: second.normalize('NFC'), part: first === parts.train ? 'train' : 'test' }];
}

/** Folders in the place of class folders, without an image. */
function emptyClasses(
  folders: readonly string[],
  found: readonly FoundImage[],
  parts: PartFolders | undefined,
): LabeledImagesWarning[] {
  const depth = parts ? 2 : 1;
  const places = new Set(found.map(({ path }) => path.split('/').slice(0, depth).join('/')));
  const isPlace = (names: readonly string[]): boolean =>
    names.length === depth && (!parts || names[0] === parts.train || names[0] === parts.test);
  const empty = folders.filter(path => isPlace(path.split('/')) && !places.has(path));
  if (empty.length === 0) return [];
  return [{ code: 'EMPTY_CLASS', message: `No class, since no image lies in it: ${few(empty)}.` }];
}
