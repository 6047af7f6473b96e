import { createHash } from 'node:crypto';
import { type Checkpoint, classNamesOf, nearestName, normalizationOf } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import type { Normalization } from '@espalier/datasets';
import type { DistillationOptions } from '@espalier/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunData } from '../data/run-data.js';
import { UsageError } from '../errors.js';
import { openNetwork } from '../network/open-network.js';
import { selectorOf } from '../options/selectors.js';
import type { Recipe } from '../recipe/recipe.js';
import { withImageSize } from '../transfer/image-size.js';
import { findCheckpoint } from '../work/find-checkpoint.js';
import { endsOf, takesSize } from '../work/network-ends.js';
import { TeacherChangedError, TeacherMismatchError } from './errors.js';
import type { Teacher } from './teacher.js';

/** What a teacher is fitted to. */
export interface Lesson {
  readonly data: RunData;
  /** What the images of the run are normalized with. */
  readonly normalize: Normalization;
  readonly register: readonly string[];
  readonly memoryLimit: number | undefined;
  readonly say: (line: string) => void;
}

/** A teacher that is ready. */
export interface OpenedTeacher {
  /** What the run is to remember of it. */
  readonly teacher: Teacher;
  /** What `train` is given for a student. */
  distillation(student: LayersModel): DistillationOptions;
  dispose(): void;
}

/**
 * Opens the teacher of a run, if it has one, for images of the run's size.
 *
 * @throws {@link TeacherChangedError} if the run was begun with other weights.
 * @throws {@link TeacherMismatchError} if it tells other classes apart, or takes images that are normalized otherwise.
 */
export async function openTeacher({ teacher, loss }: Recipe, lesson: Lesson): Promise<OpenedTeacher | undefined> {
  if (teacher === undefined) return undefined;
  const { path, weight, temperature, layers, layersWeight } = teacher;
  const { data, say, register, memoryLimit } = lesson;
  const network = await openNetwork(await findCheckpoint(path, say), { register, memoryLimit, say });
  const digest = digestOf(network);
  if (teacher.digest !== undefined && teacher.digest !== digest) throw new TeacherChangedError(path);
  requireSameImages(path, network, lesson);
  const ends = await endsOf(network, loss);
  requireClasses(path, ends.gives, network, data);
  const [height, width] = data.shape;
  const fitted = takesSize(ends.takes, data.shape)
    ? network
    : await withImageSize(network, [height, width], '--teacher');
  const model = await toModel(fitted);
  return {
    teacher: { ...teacher, digest },
    distillation: student => ({
      teacher: model,
      weight,
      temperature,
      ...(layers ? { features: { layers: namesOf(student, layers), weight: layersWeight } } : {}),
    }),
    dispose: () => model.dispose(),
  };
}

/** SHA-256 of all weights in their order, in hexadecimal; names that are made up differ from call to call. */
function digestOf({ weights }: Checkpoint): string {
  const hash = createHash('sha256');
  for (const { values } of weights.values()) {
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}

function requireClasses(path: string, gives: number | null | undefined, { metadata }: Checkpoint, data: RunData): void {
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

function requireSameImages(path: string, { metadata }: Checkpoint, { normalize }: Lesson): void {
  const own = normalizationOf(metadata);
  if (!own || JSON.stringify([own.mean, own.std]) === JSON.stringify([normalize.mean, normalize.std])) return;
  const found = `it takes images that are normalized as ${own.name ?? 'other numbers'}, and those of this run are not`;
  throw new TeacherMismatchError(path, found, 'Choose that normalization with --normalization.');
}

/** Names of layers, and all that match a pattern. */
function namesOf({ layers, outputs }: LayersModel, written: readonly string[]): string[] {
  const known = layers
    .map(({ name }) => name)
    .filter(name => outputs.every(({ sourceLayer }) => sourceLayer.name !== name));
  const names = written.flatMap(part => {
    const selector = selectorOf(part);
    return typeof selector === 'string' ? [selector] : known.filter(name => selector.test(name));
  });
  const missing = names.find(name => !known.includes(name)) ?? (names.length === 0 ? written.join(',') : undefined);
  if (missing === undefined) return [...new Set(names)];
  const meant = nearestName(missing, known);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new UsageError(
    `--teacher-layers names ${missing}, but the network has no such layer before its output.${hint}`,
  );
}
