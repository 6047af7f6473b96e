import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileAccessError, systemCodeOf } from './file-error.js';

/**
 * Writes a file so that, whatever happens, its path holds either the old content or all of the new one: into a
 * temporary file of its own in the same directory, flushed to disk, then renamed. A symbolic link stays a link.
 *
 * Concurrent writers do not disturb each other; the last rename wins. After a crash a temporary file named
 * `.espalier-….tmp` may remain; after an error it is removed.
 *
 * @param path - File to create or replace. Its directory must exist.
 * @param bytes - The whole content.
 * @throws {@link FileAccessError} if the file cannot be written; what was there before is then untouched.
 *
 * @example
 * ```ts
 * import { writeFileAtomic } from '@espalier/core/node';
 *
 * await writeFileAtomic('report.json', new TextEncoder().encode('{}'));
 * ```
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const temporary = join(dirname(target), `.espalier-${randomUUID()}.tmp`);
    try {
      await writeFlushed(temporary, bytes);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await flushDirectory(dirname(target));
  } catch (error) {
    throw new FileAccessError(path, 'write', error);
  }
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself survive a power cut, where the system lets a directory be flushed (Windows does not). */
async function flushDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    if (!['EPERM', 'EISDIR', 'EINVAL', 'EACCES', 'ENOTSUP'].includes(systemCodeOf(error) ?? '')) throw error;
  }
}
