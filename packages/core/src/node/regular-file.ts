import { readSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { withFileErrors } from './with-file-errors.js';

/**
 * Opens a regular file to read. Anything else is refused before it is opened: opening a pipe waits for its writer, and
 * a device may never end.
 *
 * @param path - The file.
 * @returns A handle, to be closed.
 * @throws {@link FileAccessError} if it is not there, cannot be read, or is a directory, a pipe or a device.
 *
 * @example The first bytes of a file.
 * ```ts
 * import { openRegularFile, readFileAt } from '@espalier/core/node';
 *
 * export async function beginning(path: string): Promise<Uint8Array> {
 *   const file = await openRegularFile(path);
 *   try {
 *     return readFileAt(file.fd, 0, 8);
 *   } finally {
 *     await file.close();
 *   }
 * }
 * ```
 */
export function openRegularFile(path: string): Promise<FileHandle> {
  return withFileErrors(path, 'read', async () => {
    const found = await stat(path);
    if (found.isFile()) return open(path, 'r');
    throw Object.assign(new Error(), { code: found.isDirectory() ? 'EISDIR' : 'ERR_NOT_REGULAR_FILE' });
  });
}

/**
 * Bytes of an open file: see {@link openRegularFile}.
 *
 * @param descriptor - The `fd` of its handle.
 * @param position - First byte, from 0.
 * @param length - Number of bytes.
 * @returns As many bytes, in memory of their own; fewer if the file ends before.
 * @throws What Node.js throws if the system refuses.
 *
 * @example
 * ```ts
 * import { openRegularFile, readFileAt } from '@espalier/core/node';
 *
 * export async function magicNumber(path: string): Promise<Uint8Array> {
 *   const file = await openRegularFile(path);
 *   try {
 *     return readFileAt(file.fd, 0, 4);
 *   } finally {
 *     await file.close();
 *   }
 * }
 * ```
 */
export function readFileAt(descriptor: number, position: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let done = 0;
  for (let count = -1; count !== 0 && done < length; done += count) {
    count = readSync(descriptor, bytes, done, Math.min(2 ** 30, length - done), position + done);
  }
  return done < length ? bytes.slice(0, done) : bytes;
}
