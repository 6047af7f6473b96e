import { rename } from 'node:fs/promises';
import {
  type Checkpoint,
  CorruptCheckpointError,
  checkOptions,
  type EspalierError,
  type OptionRules,
  rules,
} from '@espalier/core';
import { type CheckpointFileLimits, checkpointFileLimitRules, readCheckpoint } from '@espalier/core/node';
import { listCheckpoints } from './checkpoint-name.js';

/** A checkpoint and where it was. */
export interface FoundCheckpoint {
  /** Path of the file. */
  readonly path: string;
  /** What it holds. */
  readonly checkpoint: Checkpoint;
}

/** A damaged checkpoint that was passed over. */
export interface CheckpointWarning {
  /** Path of the damaged file; it now ends in `.corrupt`, if the file system allowed that. */
  readonly path: string;
  /** What is wrong with it; its code is `CORRUPT_CHECKPOINT`. */
  readonly error: EspalierError;
}

/** Options of {@link latestCheckpoint}. */
export interface LatestOptions {
  /** Called for each damaged file that was passed over. */
  readonly onWarning?: ((warning: CheckpointWarning) => void) | undefined;
  /**
   * Caps against hostile files, as `readCheckpoint` has them. A file that is over one is not damaged: it stays where it
   * is.
   */
  readonly limits?: CheckpointFileLimits | undefined;
}

/** A rule for every option of {@link latestCheckpoint}. */
export const latestRules: OptionRules<LatestOptions> = {
  onWarning: rules.optional(rules.function),
  limits: rules.optional(rules.object(checkpointFileLimitRules)),
};

/**
 * The latest sound checkpoint of a directory that {@link saveCheckpoint} wrote to.
 *
 * A damaged file is set aside under its name plus `.corrupt`, reported, and the one before it is taken. Half-written
 * temporary files are never looked at.
 *
 * @param directory - Directory of one run.
 * @param options - What to do about damaged files.
 * @returns The checkpoint, or `undefined` if there is none or the directory does not exist.
 * @throws {@link CorruptCheckpointError} of the latest file if there are checkpoints and all of them are damaged:
 *   starting over is then your decision, not the library's.
 * @throws {@link CorruptCheckpointError} of the latest file that is over one of the limits; its `limit` says which.
 * @throws {@link FileAccessError} if the system refuses to read.
 *
 * @example
 * ```ts
 * import { latestCheckpoint } from '@espalier/trainer/node';
 *
 * const found = await latestCheckpoint('runs/none'); // undefined
 * ```
 */
export async function latestCheckpoint(
  directory: string,
  options: LatestOptions = {},
): Promise<FoundCheckpoint | undefined> {
  checkOptions<LatestOptions>(options, latestRules);
  const damaged: CheckpointWarning[] = [];
  for (const { path } of await listCheckpoints(directory)) {
    try {
      const checkpoint = await readCheckpoint(path, options.limits);
      for (const file of damaged) options.onWarning?.(await setAside(file));
      return { path, checkpoint };
    } catch (error) {
      if (!(error instanceof CorruptCheckpointError) || error.limit !== undefined) throw error;
      damaged.push({ path, error });
    }
  }
  if (damaged[0]) throw damaged[0].error;
  return undefined;
}

/** Out of the way of the checkpoints to come; where the file cannot be renamed, it stays. */
async function setAside({ path, error }: CheckpointWarning): Promise<CheckpointWarning> {
  const aside = `${path}.corrupt`;
  return rename(path, aside).then(
    () => ({ path: aside, error }),
    () => ({ path, error }),
  );
}
