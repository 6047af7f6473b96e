import { foreignFormat } from '@espalier/core';
import { invalidKerasFile } from '../file-problems.js';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]; // \x89HDF\r\n\x1a\n

/** Refuses what is no HDF5 file before the library is asked for, and says what it is where its first bytes tell. */
export function requireHdf5(file: string, bytes: Uint8Array): void {
  if (!places(bytes.length).some(place => signature.every((byte, i) => bytes[place + i] === byte)))
    throw invalidKerasFile(file, foreignFormat(bytes)?.message ?? 'It is not an HDF5 file.');
}

/**
 * Where a file's signature may stand: at its start, or at 512 bytes or a doubling of that, after a block of the user's.
 */
function places(length: number): number[] {
  const found = [0];
  for (let place = 512; place < length; place *= 2) found.push(place);
  return found;
}
