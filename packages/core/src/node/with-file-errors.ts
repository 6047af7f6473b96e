import { EspalierError } from '../errors/espalier-error.js';
import { rules } from '../options/rules.js';
import { FileAccessError } from './file-error.js';
import { type FileAction, systemCodeOf } from './system-reasons.js';

/**
 * Runs code that touches one file or directory, and turns what the operating system refuses into a
 * {@link FileAccessError}.
 *
 * Everything else passes as it is: errors of these packages, the reason of an abort signal, and slips of the code
 * itself.
 *
 * @param path - The file or directory, as the caller named it.
 * @param action - What is tried, for the message.
 * @param work - The code.
 * @returns What the code returns.
 * @throws {@link FileAccessError} if the system refuses; {@link InvalidOptionError} if `path` is not a text, or empty.
 *
 * @example
 * ```ts
 * import { readdir } from 'node:fs/promises';
 * import { withFileErrors } from '@espalier/core/node';
 *
 * export const names = (directory: string): Promise<string[]> =>
 *   withFileErrors(directory, 'list', () => readdir(directory));
 * ```
 */
export async function withFileErrors<Result>(
  path: string,
  action: FileAction,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  rules.text('path', path as never);
  rules.function('work', work as never);
  try {
    return await work();
  } catch (error) {
    if (EspalierError.isInstance(error) || systemCodeOf(error) === undefined) throw error;
    throw new FileAccessError(path, action, error);
  }
}
