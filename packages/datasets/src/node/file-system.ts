import { stat } from 'node:fs/promises';
import { FileAccessError, openRegularFile, systemCodeOf, withFileErrors } from '@espalier/core/node';
import { DataTooLargeError, MalformedDataError } from '../errors.js';

/** True if the operating system said that a file or folder is not there. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '');

/**
 * A whole file, which has to be a regular one of at most `maximumBytes`.
 *
 * Throws {@link FileAccessError}, {@link DataTooLargeError} with the option `maximumEntryBytes`,
 * {@link MalformedDataError} if the file changes meanwhile.
 */
export async function readWhole(path: string, maximumBytes: number): Promise<Buffer> {
  await requireFile(path, maximumBytes);
  const file = await openRegularFile(path);
  try {
    const { size } = file;
    const { buffer, length } = file.read(0, Math.min(size, maximumBytes));
    if (length === size) return Buffer.from(buffer, 0, length);
    throw new MalformedDataError(path, `the file changed while it was read (${length} of ${size} bytes)`);
  } finally {
    await file.close();
  }
}

/** Size of a file that may be read: a regular one, since pipes and devices never end, and not too large. */
export async function requireFile(path: string, maximumBytes: number = Number.POSITIVE_INFINITY): Promise<number> {
  const found = await withFileErrors(path, 'read', () => stat(path));
  if (!found.isFile()) {
    const problem = found.isDirectory() ? 'it is a directory. Name a file.' : 'it is not a regular file. Name one.';
    throw new FileAccessError(path, 'read', new Error(problem));
  }
  if (found.size > maximumBytes) throw new DataTooLargeError(path, 'bytes', maximumBytes, 'maximumEntryBytes');
  return found.size;
}
