import { rm } from 'node:fs/promises';
import { type Checkpoint, checkOptions, InvalidOptionError, rules } from '@espalier/core';
import { makeDirectory, withFileErrors, writeCheckpoint } from '@espalier/core/node';
import { checkpointPath, listCheckpoints } from './checkpoint-name.js';
import { LaterCheckpointError } from './errors.js';

/** Options of {@link saveCheckpoint}. */
export interface SaveOptions {
  /**
   * Checkpoints to keep, an integer ≥ 1; older ones are deleted once the new one is safely in place.
   *
   * @defaultValue 3
   */
  readonly keep?: number | undefined;
}

/**
 * Saves a checkpoint under the number of its step, and deletes the oldest ones.
 *
 * The file is written under a temporary name, flushed and renamed, so a process that is killed at any moment leaves the
 * earlier checkpoints whole; what it left half-written is removed by the next save. The directory is created if need
 * be.
 *
 * @param directory - Directory of one run; one process at a time may save there.
 * @param checkpoint - From {@link PruningSession.checkpoint}.
 * @param options - How many to keep.
 * @returns Path of the file.
 * @throws {@link LaterCheckpointError} if the directory holds a checkpoint of a later step: the run that it belongs to
 *   was not resumed, and would be resumed instead of this one.
 * @throws {@link FileAccessError} if the system refuses to create the directory, to write or to delete.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { fixed } from '@espalier/core';
 * import { modelWeights, PruningSession } from '@espalier/core/tfjs';
 * import { latestCheckpoint, saveCheckpoint } from '@espalier/trainer/node';
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-core';
 * import * as layers from '@tensorflow/tfjs-layers';
 *
 * const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [4] })] });
 * const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) });
 * const directory = await mkdtemp('run-');
 * const path = await saveCheckpoint(directory, await session.checkpoint(), { keep: 2 });
 * const found = await latestCheckpoint(directory); // { path, checkpoint }
 * ```
 */
export async function saveCheckpoint(
  directory: string,
  checkpoint: Checkpoint,
  options: SaveOptions = {},
): Promise<string> {
  checkOptions<SaveOptions>(options, { keep: rules.optional(rules.integer({ from: 1 })) });
  const { keep = 3 } = options;
  const step = stepOf(checkpoint);
  await makeDirectory(directory);
  const existing = await listCheckpoints(directory);
  const latest = existing[0];
  if (latest && latest.step > step) throw new LaterCheckpointError(latest.path, step);
  const path = checkpointPath(directory, step);
  await writeCheckpoint(path, checkpoint);
  const older = existing.filter(file => file.step < step).slice(keep - 1);
  await Promise.all(older.map(file => withFileErrors(file.path, 'remove', () => rm(file.path, { force: true }))));
  return path;
}

function stepOf(checkpoint: Checkpoint | undefined): number {
  const step = checkpoint?.clock?.step;
  if (typeof step === 'number') return step;
  throw new InvalidOptionError('checkpoint', checkpoint, 'a checkpoint, such as session.checkpoint gives');
}
