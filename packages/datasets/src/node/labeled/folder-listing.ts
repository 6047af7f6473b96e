import type { UnpackedFrom } from '../archive/unpacked-from.js';
import type { Below } from '../images/files-below.js';
import { isImageName } from '../passed-over.js';
import { type FoundImage, few, type LabeledImagesWarning, type Listing, passedOver } from './listing.js';
import { type PartFolders, partsIn } from './part-folders.js';

/**
 * Lists class folders, or a folder with one folder of them to train on and one to test on. Folders that hold nothing
 * but one other, as archives often do, are gone through.
 */
export function listFolder(folder: string, below: Below, from?: UnpackedFrom): Listing {
  const images = below.files.filter(isImageName);
  const wrapper = wrapperOf(images);
  const top = partsIn(
    from?.archive ?? folder,
    images.filter(path => isBelow(path, wrapper)).map(path => path.slice(wrapper === '' ? 0 : wrapper.length + 1)),
  );
  const parts = 'parts' in top ? top.parts : undefined;
  const inside = 'only' in top ? [wrapper, top.only].filter(name => name !== '').join('/') : wrapper;
  const root = inside === '' ? folder : `${folder}/${inside}`;
  const of = (path: string): string => path.slice(inside === '' ? 0 : inside.length + 1);
  const within = images.filter(path => isBelow(path, inside));
  const found = 'classes' in top ? [] : within.flatMap(path => foundImage(of(path), parts));
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
    from,
    images: found,
    passedOver: passedOver({ leftBehind: below.passedOver, notImages, unlabeled }),
    warnings: [
      ...top.warnings,
      ...warnings,
      ...emptyClasses(below.folders.filter(path => isBelow(path, inside)).map(of), found, parts),
    ],
  };
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
