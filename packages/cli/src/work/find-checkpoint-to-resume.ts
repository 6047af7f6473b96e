import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '@espalier/core';
import { FileAccessError, systemCodeOf } from '@espalier/core/node';
import { latestCheckpoint } from '@espalier/trainer/node';
import { NothingToResumeError, UsageError } from '../errors.js';
import type { Progress } from '../output/progress.js';
import { checkpointLimits } from './open-checkpoint.js';

/** The checkpoint to go on from, or `undefined` for a new run; refuses to begin a new run on top of an old one. */
export async function findCheckpointToResume(
  directory: string,
  resume: boolean,
  progress: Progress,
  memoryLimit?: number,
): Promise<Checkpoint | undefined> {
  const checkpoints = join(directory, 'checkpoints');
  if (resume) {
    const found = await latestCheckpoint(checkpoints, {
      limits: checkpointLimits(memoryLimit),
      onWarning: ({ path, error }) => progress.line(`Warning: passed over ${path}. ${error.message}`),
    });
    if (!found) throw new NothingToResumeError(checkpoints);
    progress.line(`Going on from ${found.path}.`);
    return found.checkpoint;
  }
  const names = await namesIn(checkpoints);
  if (names.some(name => name.startsWith('checkpoint-'))) {
    throw new UsageError(`${directory} holds a run. Go on with --resume, or choose another directory with --out.`);
  }
  return undefined;
}

/** Names in a directory; none if there is no such directory yet. */
async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw new FileAccessError(directory, 'list', error);
  }
}
