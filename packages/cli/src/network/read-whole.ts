import { CorruptCheckpointError } from '@espalier/core';
import { openRegularFile, readFileAt, withFileErrors } from '@espalier/core/node';

/** All bytes of a regular file, if there are not more of them than may be. */
export function readWhole(path: string, most: number = 2 ** 31 - 1): Promise<Uint8Array> {
  return withFileErrors(path, 'read', async () => {
    const file = await openRegularFile(path);
    try {
      const { size } = await file.stat();
      if (size <= most) return readFileAt(file.fd, 0, size);
      throw new CorruptCheckpointError(`File "${path}" has ${size} bytes, over the limit fileBytes of ${most}.`, {
        limit: 'fileBytes',
      });
    } finally {
      await file.close();
    }
  });
}
