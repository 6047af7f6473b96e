import { createHash } from 'node:crypto';
import type { UnpackedFrom } from '../archive/unpacked-from.js';

/** Which part of a dataset an image is for, where that is given. */
export type Part = 'train' | 'test';

/** One image that was found. */
export interface FoundImage {
  /** Path below the listing's folder, with forward slashes; may lead out of it in a user's own table. */
  readonly path: string;
  readonly className: string;
  /** Given by a folder or a column; absent where the split is still to be made. */
  readonly part?: Part | undefined;
}

/** Files that are no labeled images, by what they are. */
export interface PassedOver {
  /** What tools leave behind: names that begin with a dot, `Thumbs.db`, `__MACOSX` and the like. */
  readonly leftBehind: number;
  /** Files that no image's ending is the end of. */
  readonly notImages: number;
  /** Images that lie in no class folder, or in a part that is not used. */
  readonly unlabeled: number;
  /** The first of all of these, at most ten. */
  readonly examples: readonly string[];
}

/** Something about labeled images that is probably not meant, and does not keep them from being used. */
export interface LabeledImagesWarning {
  /** Stable identifier. */
  readonly code:
    | 'CLASSES_LIKE_PARTS'
    | 'CLASS_NOT_TESTED'
    | 'CLASS_NOT_TRAINED'
    | 'EMPTY_CLASS'
    | 'LISTED_TWICE'
    | 'PART_NOT_USED';
  /** What it means. */
  readonly message: string;
}

/** Images with the names of their classes, before they have labels. */
export interface Listing {
  readonly source: 'class folders' | 'train and test folders' | 'table';
  /** Folder that the paths begin at. */
  readonly folder: string;
  /** Archive that the folder was unpacked from. */
  readonly from?: UnpackedFrom | undefined;
  readonly images: readonly FoundImage[];
  readonly passedOver: PassedOver;
  readonly warnings: readonly LabeledImagesWarning[];
}

/** Says how many there are, with the first of them as examples. */
export function passedOver(groups: {
  readonly leftBehind: readonly string[];
  readonly notImages: readonly string[];
  readonly unlabeled: readonly string[];
}): PassedOver {
  const { leftBehind, notImages, unlabeled } = groups;
  return {
    leftBehind: leftBehind.length,
    notImages: notImages.length,
    unlabeled: unlabeled.length,
    examples: [...unlabeled, ...notImages, ...leftBehind].slice(0, 10),
  };
}

/** SHA-256 over paths, classes and given parts, whatever the order; hexadecimal. Contents of files are not read. */
export function digestOf(images: readonly FoundImage[]): string {
  const lines = images.map(({ path, className, part }) =>
    JSON.stringify([path.normalize('NFC'), className, part ?? '']),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/** Some of many names, for messages. */
export function few(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map(name => JSON.stringify(name));
  return `${shown.join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;
}
