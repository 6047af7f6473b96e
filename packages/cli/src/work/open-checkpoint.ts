import { type Checkpoint, CorruptCheckpointError } from '@espalier/core';
import { type CheckpointFileLimits, readCheckpoint } from '@espalier/core/node';
import { networksFromElsewhere } from '../errors.js';

/**
 * Reads a checkpoint file. Of a file of another kind the error says what it is, where the reader knows, and how to go
 * on.
 *
 * @param path - The file.
 * @param memoryLimit - Most bytes of the file, and of what is unpacked from it; the reader's own limits if left out.
 */
export async function openCheckpoint(path: string, memoryLimit?: number): Promise<Checkpoint> {
  try {
    return await readCheckpoint(path, checkpointLimits(memoryLimit));
  } catch (error) {
    if (!(error instanceof CorruptCheckpointError) || !isForeign(error.reason)) throw error;
    throw new CorruptCheckpointError(`${error.reason} ${networksFromElsewhere}`, { cause: error });
  }
}

/** What `--memory-limit` means for a checkpoint: most bytes of the file, and of what is unpacked from it. */
export function checkpointLimits(memoryLimit: number | undefined): CheckpointFileLimits {
  return { fileBytes: memoryLimit, decodedBytes: memoryLimit };
}

/** Files that were never a checkpoint: of another format, or safetensors that other programs wrote. */
function isForeign(reason: string): boolean {
  return /: It is an? |not a safetensors file/.test(reason);
}
