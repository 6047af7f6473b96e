import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FisherDiskError } from './errors.js';

/** A temporary file that the threads of this process read and write by its descriptor. */
export interface SpillFile {
  readonly descriptor: number;
  close(): Promise<void>;
}

/** Creates the file in a folder of its own, or throws {@link FisherDiskError}. */
export async function openSpillFile(directory: string, bytes: number): Promise<SpillFile> {
  const folder = await roomyFolder(directory, bytes);
  let handle: FileHandle;
  try {
    handle = await open(join(folder, 'gradients'), constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new FisherDiskError(directory, bytes, String(error));
  }
  // Where files can be unlinked while they are open, nothing is left behind even if the process is killed.
  if (process.platform !== 'win32') await rm(folder, { recursive: true, force: true });
  const close = async (): Promise<void> => {
    await handle.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { descriptor: handle.fd, close };
}

async function roomyFolder(directory: string, bytes: number): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(resolve(directory));
    if (bavail * bsize < bytes) throw new Error(`${bavail * bsize} bytes are free`);
    return await mkdtemp(join(resolve(directory), 'espalier-fisher-'));
  } catch (error) {
    throw new FisherDiskError(directory, bytes, error instanceof Error ? error.message : String(error));
  }
}
