import { readFile, stat } from 'node:fs/promises';
import { CorruptCheckpointError } from '@espalier/core';
import { FileAccessError, withFileErrors } from '@espalier/core/node';

/** All bytes of a regular file, if there are not more of them than may be. */
export function readWhole(path: string, most: number = 2 ** 31 - 1): Promise<Uint8Array> {
  return withFileErrors(path, 'read', async () => {
    const status = await stat(path);
    if (!status.isFile()) throw new FileAccessError(path, 'read', notRegular(status.isDirectory()));
    if (status.size <= most) return readFile(path);
    throw new CorruptCheckpointError(`File "${path}" has ${status.size} bytes, over the limit fileBytes of ${most}.`, {
      limit: 'fileBytes',
    });
  });
}

const notRegular = (directory: boolean): Error =>
  directory
    ? Object.assign(new Error('It is a directory.'), { code: 'EISDIR' })
    : new Error('it is a pipe or a device. Name a regular file.');
