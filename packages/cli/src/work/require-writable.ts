import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FileAccessError, systemCodeOf } from '@espalier/core/node';

/**
 * Refuses a directory in which nothing could be written in the end, before hours of work go into it. Makes nothing: a
 * run that fails at once leaves no empty directory.
 *
 * @throws {@link FileAccessError} if it, or what it would have to be made in, is a file or may not be written to.
 */
export async function requireWritable(directory: string): Promise<void> {
  const full = resolve(directory);
  for (let path = full; ; path = dirname(path)) {
    try {
      const isDirectory = (await stat(path)).isDirectory();
      if (!isDirectory) throw Object.assign(new Error(), { code: path === full ? 'EEXIST' : 'ENOTDIR' });
      return await access(path, constants.W_OK | constants.X_OK);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT' || path === dirname(path))
        throw new FileAccessError(directory, 'create directory', error);
    }
  }
}
