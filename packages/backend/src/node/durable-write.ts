import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileErrors } from '@espalier/core/node';

/**
 * Writes a file so that its name only ever stands for the old or the complete new content: everything goes to a
 * temporary name in the same directory, is forced to the disk, and takes the name over in one step.
 */
export async function writeDurably(directory: string, name: string, chunks: readonly Uint8Array[]): Promise<void> {
  const temporary = join(directory, `.${name}.${randomUUID()}.tmp`);
  const path = join(directory, name);
  await withFileErrors(path, 'write', async () => {
    try {
      const file = await open(temporary, 'wx');
      try {
        for (const chunk of chunks) await file.writeFile(chunk);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

/** Forces the names in a directory to the disk. Windows cannot open directories and needs no such thing. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  await withFileErrors(directory, 'write', async () => {
    const handle = await open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}
