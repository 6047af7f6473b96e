import { foreignFormat } from '@espalier/core';
import type { ByteSource } from '../byte-source.js';
import { invalidKerasFile } from '../file-problems.js';

const signature = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]); // \x89HDF\r\n\x1a\n

/** How much of a file tells what else it is. */
const looked = 4096;

/** Refuses what is no HDF5 file before the library is asked for, and says what it is where its first bytes tell. */
export async function requireHdf5(file: string, source: ByteSource): Promise<void> {
  for (const place of places(source.length)) {
    if (signature.equals(await source.read(place, signature.length))) return;
  }
  throw invalidKerasFile(file, foreignFormat(await source.read(0, looked))?.message ?? 'It is not an HDF5 file.');
}

/**
 * Where a file's signature may stand: at its start, or at 512 bytes or a doubling of that, after a block of the user's.
 */
function places(length: number): number[] {
  const found = [0];
  for (let place = 512; place < length; place *= 2) found.push(place);
  return found;
}
