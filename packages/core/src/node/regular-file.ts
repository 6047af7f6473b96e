import { readSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { FileAccessError } from './file-error.js';
import { withFileErrors } from './with-file-errors.js';

/** A regular file of which parts are read, until it is closed. */
export interface RegularFile {
  /** Bytes that it had when it was opened. */
  readonly size: number;
  /**
   * Bytes from a position on, in memory of their own; fewer than `length` if the file ends before.
   *
   * @throws {@link FileAccessError} if the system refuses.
   */
  read(position: number, length: number): Uint8Array<ArrayBuffer>;
  close(): Promise<void>;
}

/**
 * Opens a regular file to read. Anything else is refused before it is opened: opening a pipe waits for its writer, and
 * a device may never end.
 *
 * @param path - The file.
 * @returns The file, to be closed.
 * @throws {@link FileAccessError} if it is not there, cannot be read, or is a directory, a pipe or a device.
 * @throws {@link InvalidOptionError} if `path` is not a text, or empty.
 *
 * @example The first bytes of a file.
 * ```ts
 * import { openRegularFile } from '@espalier/core/node';
 *
 * export async function beginning(path: string): Promise<Uint8Array> {
 *   const file = await openRegularFile(path);
 *   try {
 *     return file.read(0, 8);
 *   } finally {
 *     await file.close();
 *   }
 * }
 * ```
 */
export function openRegularFile(path: string): Promise<RegularFile> {
  return withFileErrors(path, 'read', async () => {
    const found = await stat(path);
    if (!found.isFile()) {
      throw Object.assign(new Error(), { code: found.isDirectory() ? 'EISDIR' : 'ERR_NOT_REGULAR_FILE' });
    }
    const handle = await open(path, 'r');
    const { size } = await handle.stat().catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
    return {
      size,
      read: (position, length) => readAt(path, handle.fd, position, length),
      close: () => handle.close(),
    };
  });
}

function readAt(path: string, descriptor: number, position: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let done = 0;
  try {
    for (let count = -1; count !== 0 && done < length; done += count) {
      count = readSync(descriptor, bytes, done, Math.min(2 ** 30, length - done), position + done);
    }
  } catch (cause) {
    throw new FileAccessError(path, 'read', cause);
  }
  return done < length ? bytes.slice(0, done) : bytes;
}
