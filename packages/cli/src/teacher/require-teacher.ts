import { type Checkpoint, classNamesOf, namedNormalization, normalizationFor, normalizationOf } from '@espalier/core';
import type { Normalization } from '@espalier/datasets';
import type { RunData } from '../data/run-data.js';
import { scalesPixels } from '../network/scales-pixels.js';
import { shownShape } from '../output/shown-shape.js';
import type { NetworkEnds } from '../work/network-ends.js';
import { TeacherMismatchError } from './errors.js';

/** Refuses a teacher that tells other classes apart. */
export function requireClasses(
  path: string,
  gives: number | null | undefined,
  { metadata }: Checkpoint,
  data: RunData,
): void {
  const { classes } = data;
  if (gives !== classes.length) {
    const found =
      gives == null ? 'it has no classifier' : `it tells ${gives} classes apart, and the data have ${classes.length}`;
    throw new TeacherMismatchError(path, found, 'Train it on these data first: espalier train --model its-file.');
  }
  const other = classNamesOf(metadata)?.find((name, i) => name !== classes[i]);
  if (other === undefined) return;
  const found = `its classes are others, or in another order, than those of the data ("${other}")`;
  throw new TeacherMismatchError(path, found, 'Train it on these data first: espalier train --model its-file.');
}

/** Refuses a teacher of no images, or of images in other colors. */
export function requireChannels(path: string, takes: NetworkEnds['takes'], { shape }: RunData): void {
  const [channels, given] = [takes[2], shape[2]];
  if (takes.length === 3 && (channels === null || channels === given)) return;
  const found =
    takes.length === 3
      ? `it takes images of ${channels} channels, and this run has images of ${given}`
      : `it takes ${shownShape(takes)}, and this run has images`;
  throw new TeacherMismatchError(path, found, 'Choose a teacher of the same kind of images.');
}

/** Refuses a teacher whose images are normalized otherwise; warns where nobody knows. */
export function requireSameImages(
  path: string,
  network: Checkpoint,
  {
    data,
    normalize,
    say,
  }: { readonly data: RunData; readonly normalize: Normalization; readonly say: (line: string) => void },
): void {
  const own = normalizationOf(network.metadata) ?? (scalesPixels(network) ? namedNormalization('none') : undefined);
  if (!own) {
    say(`Warning: ${path} does not say how its images are normalized, and is given those of this run.`);
    return;
  }
  const { mean, std } = normalizationFor(own, data.shape[2]);
  if (JSON.stringify([mean, std]) === JSON.stringify([normalize.mean, normalize.std])) return;
  const found = `it takes images that are normalized as ${own.name ?? 'other numbers'}, and those of this run are not`;
  throw new TeacherMismatchError(path, found, 'Choose that normalization with --normalization.');
}
