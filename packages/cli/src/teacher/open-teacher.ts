import { createHash } from 'node:crypto';
import type { Checkpoint } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import type { Normalization } from '@espalier/datasets';
import type { DistillationOptions } from '@espalier/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunData } from '../data/run-data.js';
import { openNetwork } from '../network/open-network.js';
import type { Recipe } from '../recipe/recipe.js';
import { withImageSize } from '../transfer/image-size.js';
import { findCheckpoint } from '../work/find-checkpoint.js';
import { endsOf, takesSize } from '../work/network-ends.js';
import { TeacherChangedError } from './errors.js';
import { requireChannels, requireClasses, requireSameImages } from './require-teacher.js';
import { taughtLayers } from './taught-layers.js';
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
  const ends = await endsOf(network, loss);
  requireClasses(path, ends.gives, network, data);
  requireChannels(path, ends.takes, data);
  requireSameImages(path, network, lesson);
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
      ...(layers ? { features: { layers: taughtLayers(student, model, layers), weight: layersWeight } } : {}),
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
