import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { checkpointIn } from '../checkpoint/decode.js';
import { encodeCheckpoint } from '../checkpoint/encode.js';
import { type CheckpointLimits, checkpointLimitRules } from '../checkpoint/limits.js';
import type { FileBytes } from '../checkpoint/safetensors/file-bytes.js';
import { limitRule } from '../checkpoint/safetensors/limits.js';
import { CorruptCheckpointError } from '../errors/checkpoint-errors.js';
import { checkOptions } from '../options/check-options.js';
import type { OptionRules } from '../options/option-rule.js';
import { openRegularFile, type RegularFile } from './regular-file.js';
import { withFileErrors } from './with-file-errors.js';
import { writeFileAtomic } from './write-file-atomic.js';

/** Largest checkpoint file in bytes: 2 GiB - 1, the most that Node.js reads at once. */
const maximumFileBytes = 2 ** 31 - 1;

/** What {@link readCheckpoint} accepts. */
export interface CheckpointFileLimits extends CheckpointLimits {
  /**
   * Largest file in bytes, checked before anything is read.
   *
   * @defaultValue 2 GiB - 1, which is also the most that is possible
   */
  readonly fileBytes?: number | undefined;
}

/** A rule for every limit of {@link readCheckpoint}, for functions that pass them on. */
export const checkpointFileLimitRules: OptionRules<CheckpointFileLimits> = {
  ...checkpointLimitRules,
  fileBytes: limitRule,
};

/**
 * Writes a checkpoint to a file, atomically: see {@link writeFileAtomic}.
 *
 * @param path - File to create or replace, by custom named `*.safetensors`. Its directory must exist.
 * @param checkpoint - Not modified.
 * @throws {@link CorruptCheckpointError} if the checkpoint contradicts itself; nothing is written then.
 * @throws {@link FileAccessError} if the file cannot be written.
 *
 * @example
 * ```ts
 * import type { Checkpoint } from '@espalier/core';
 * import { writeCheckpoint } from '@espalier/core/node';
 *
 * export const save = (checkpoint: Checkpoint): Promise<void> => writeCheckpoint('last.safetensors', checkpoint);
 * ```
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(path, encodeCheckpoint(checkpoint));
}

/**
 * Reads and fully checks a checkpoint file: see {@link decodeCheckpoint}.
 *
 * @param path - File that {@link writeCheckpoint} or {@link encodeCheckpoint} made.
 * @param limits - Caps against hostile files.
 * @throws {@link CorruptCheckpointError} if the file is too large, damaged or not a checkpoint; names the path.
 * @throws {@link FileAccessError} if the file is missing or cannot be read.
 *
 * @example
 * ```ts
 * import { checkpointSparsity } from '@espalier/core';
 * import { readCheckpoint } from '@espalier/core/node';
 *
 * console.log(checkpointSparsity(await readCheckpoint('last.safetensors')).prunable);
 * ```
 */
export async function readCheckpoint(path: string, limits: CheckpointFileLimits = {}): Promise<Checkpoint> {
  checkOptions<CheckpointFileLimits>(limits, checkpointFileLimitRules);
  const { fileBytes = maximumFileBytes, ...decoding } = limits;
  return withFileErrors(path, 'read', async () => {
    const file = await openRegularFile(path);
    try {
      requireSize(path, file.size, Math.min(fileBytes, maximumFileBytes));
      return checkpointIn(storedBytes(file), decoding);
    } catch (error) {
      if (!(error instanceof CorruptCheckpointError) || error.limit === 'fileBytes') throw error;
      throw new CorruptCheckpointError(`File "${path}": ${error.reason}`, { cause: error, limit: error.limit });
    } finally {
      await file.close();
    }
  });
}

function requireSize(path: string, size: number, maximum: number): void {
  if (size <= maximum) return;
  throw new CorruptCheckpointError(`File "${path}" has ${size} bytes, over the limit fileBytes of ${maximum}.`, {
    limit: 'fileBytes',
  });
}

/** The bytes of an open file, of which no more is in memory than is looked at. */
const storedBytes = (file: RegularFile): FileBytes => ({
  length: file.size,
  held: false,
  read: (begin, end) => {
    const bytes = file.read(begin, Math.max(0, end - begin));
    if (bytes.length < end - begin) throw new CorruptCheckpointError('It became shorter while it was read.');
    return bytes;
  },
});
