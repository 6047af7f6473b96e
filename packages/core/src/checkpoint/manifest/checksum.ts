import { fail } from '../fail.js';
import { crc32 } from './crc32.js';

/** Every checkpoint's header starts with this, so that the checksum's place is fixed. */
const opening = '{"__metadata__":{"checksum":"';
/** What the checksum's place holds while it is computed. */
export const blankChecksum = '00000000';
/** First byte of the checksum's eight hexadecimal digits. */
export const checksumOffset: number = 8 + opening.length;

const ascii = new TextEncoder();

/** Checksum of a whole file, its own eight digits counted as zeros. */
export function checksumOf(file: Uint8Array): string {
  let crc = crc32(file.subarray(0, checksumOffset));
  crc = crc32(ascii.encode(blankChecksum), crc);
  crc = crc32(file.subarray(checksumOffset + blankChecksum.length), crc);
  return crc.toString(16).padStart(8, '0');
}

/** Writes the checksum of a file into its place. */
export function sealChecksum(file: Uint8Array): void {
  file.set(ascii.encode(checksumOf(file)), checksumOffset);
}

/** Refuses a file that changed since it was sealed. */
export function verifyChecksum(file: Uint8Array, stated: string | undefined): void {
  const start = ascii.encode(opening);
  if (start.some((byte, index) => file[8 + index] !== byte)) {
    fail('The checksum is not the first entry of its metadata: another program has rewritten the file.');
  }
  const actual = checksumOf(file);
  if (actual !== stated) fail(`Its checksum is ${actual} instead of ${stated}: the file was damaged or edited.`);
}
