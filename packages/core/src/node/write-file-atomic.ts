import { type FileHandle, open, readlink, realpath, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { rules } from '../options/rules.js';
import { systemCodeOf } from './system-reasons.js';
import { removeLeftovers, temporaryPath } from './temporary-files.js';
import { withFileErrors } from './with-file-errors.js';

/**
 * Writes a file so that, whatever happens, its path holds either the old content or all of the new one: into a
 * temporary file of its own in the same directory, flushed to disk, then renamed. A symbolic link stays a link.
 *
 * Concurrent writers do not disturb each other; the last rename wins. After an error the temporary file is removed. A
 * process that is killed leaves its file, named `.espalier-….tmp`, until the next write into the directory: see
 * {@link removeLeftovers}.
 *
 * @param path - File to create or replace. Its directory must exist.
 * @param bytes - The whole content, in one piece or in several.
 * @throws {@link FileAccessError} if the file cannot be written; what was there before is then untouched.
 * @throws {@link InvalidOptionError} if `path` is not a text, or empty.
 *
 * @example
 * ```ts
 * import { writeFileAtomic } from '@espalier/core/node';
 *
 * await writeFileAtomic('report.json', new TextEncoder().encode('{}'));
 * ```
 */
export function writeFileAtomic(path: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
  return withFileErrors(path, 'write', async () => {
    const pieces = bytes instanceof Uint8Array ? [bytes] : bytes;
    rules.list(bytesRule)('bytes', pieces as never);
    const target = await targetOf(path);
    const directory = dirname(target);
    const temporary = temporaryPath(directory);
    try {
      await writeFlushed(temporary, directory, pieces);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    await flushDirectory(directory);
  });
}

const bytesRule = rules.that('a Uint8Array', value => value instanceof Uint8Array);

/** The file that a path leads to by way of symbolic links, whether it is there yet or not. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
    const link = await readlink(path).catch(() => undefined);
    return link === undefined ? path : targetOf(resolve(dirname(path), link));
  }
}

/** Leftovers go before the content is written, since on a full disk they are what it needs the room of. */
async function writeFlushed(path: string, directory: string, pieces: readonly Uint8Array[]): Promise<void> {
  const file: FileHandle = await open(path, 'wx');
  try {
    await removeLeftovers(directory, (await file.stat()).mtimeMs);
    for (const piece of pieces) await file.writeFile(piece);
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
