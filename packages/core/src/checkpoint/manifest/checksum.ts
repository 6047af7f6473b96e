import { fail } from '../fail.js';
import { type FileBytes, heldBytes } from '../safetensors/file-bytes.js';
import { crc32 } from './crc32.js';

/** Every checkpoint's header starts with this, so that the checksum's place is fixed. */
const opening = '{"__metadata__":{"checksum":"';
/** What the checksum's place holds while it is computed. */
export const blankChecksum = '00000000';
/** First byte of the checksum's eight hexadecimal digits. */
export const checksumOffset: number = 8 + opening.length;

/** How much is summed up together. */
const partBytes = 2 ** 20;

const ascii = new TextEncoder();

/** Checksum of a whole file, its own eight digits counted as zeros. */
export function checksumOf(file: FileBytes): string {
  let crc = crc32(file.read(0, Math.min(checksumOffset, file.length)));
  crc = crc32(ascii.encode(blankChecksum), crc);
  for (let begin = checksumOffset + blankChecksum.length; begin < file.length; begin += partBytes) {
    crc = crc32(file.read(begin, Math.min(begin + partBytes, file.length)), crc);
  }
  return crc.toString(16).padStart(8, '0');
}

/** Writes the checksum of a file into its place. */
export function sealChecksum(file: Uint8Array): void {
  file.set(ascii.encode(checksumOf(heldBytes(file))), checksumOffset);
}

/** Refuses a file that changed since it was sealed. */
export function verifyChecksum(file: FileBytes, stated: string | undefined): void {
  const start = ascii.encode(opening);
  const found = file.read(8, Math.min(checksumOffset, file.length));
  if (start.some((byte, index) => found[index] !== byte)) {
    fail('The checksum is not the first entry of its metadata: another program has rewritten the file.');
  }
  const actual = checksumOf(file);
  if (actual !== stated) fail(`Its checksum is ${actual} instead of ${stated}: the file was damaged or edited.`);
}
