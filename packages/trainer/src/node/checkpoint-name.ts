import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileErrors } from '@espalier/core/node';

/** A checkpoint file and the step in its name. */
export interface NumberedFile {
  readonly path: string;
  readonly step: number;
}

const pattern = /^checkpoint-(\d{10,16})\.safetensors$/;

/** Path of the checkpoint of a step; names sort like steps. */
export function checkpointPath(directory: string, step: number): string {
  return join(directory, `checkpoint-${String(step).padStart(10, '0')}.safetensors`);
}

/**
 * Checkpoint files of a directory, latest first; none if the directory does not exist. Other files are not looked at.
 */
export async function listCheckpoints(directory: string): Promise<NumberedFile[]> {
  const names = await withFileErrors(directory, 'list', () =>
    readdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    }),
  );
  return names
    .flatMap(name => {
      const digits = pattern.exec(name)?.[1];
      return digits === undefined ? [] : [{ path: join(directory, name), step: Number(digits) }];
    })
    .sort((a, b) => b.step - a.step);
}
