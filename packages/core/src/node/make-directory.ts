import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCodeOf } from './system-reasons.js';
import { withFileErrors } from './with-file-errors.js';

/**
 * Makes a directory and those above it that are missing; does nothing if it is there. Node's own `mkdir` with
 * `recursive` tries for ever where the system says of a new directory that it is not there, as below `/proc`.
 *
 * @param path - The directory.
 * @throws {@link FileAccessError} with the path if the system refuses, also if a file is in the way.
 *
 * @example
 * ```ts
 * import { makeDirectory } from '@espalier/core/node';
 *
 * export const prepare = (): Promise<void> => makeDirectory('runs/today');
 * ```
 */
export function makeDirectory(path: string): Promise<void> {
  return withFileErrors(path, 'create directory', () => make(resolve(path)));
}

async function make(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' && dirname(path) !== path && !(await isDirectory(dirname(path)))) {
      await make(dirname(path));
      await mkdir(path).catch((again: unknown) => unlessThere(path, again));
    } else await unlessThere(path, error);
  }
}

async function unlessThere(path: string, error: unknown): Promise<void> {
  if (!(await isDirectory(path))) throw error;
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  );
