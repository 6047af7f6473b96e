import { CorruptCheckpointError } from '@espalier/core';
import { openRegularFile } from '@espalier/core/node';

/** All bytes of a regular file, if there are not more of them than may be. */
export async function readWhole(path: string, most: number = 2 ** 31 - 1): Promise<Uint8Array> {
  const file = await openRegularFile(path);
  try {
    const { size } = file;
    if (size <= most) return file.read(0, size);
    throw new CorruptCheckpointError(`File "${path}" has ${size} bytes, over the limit fileBytes of ${most}.`, {
      limit: 'fileBytes',
    });
  } finally {
    await file.close();
  }
}
