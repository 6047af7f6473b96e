import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ChecksumMismatchError } from '../errors.js';

/** Checksums a file has to have, hexadecimal; each that is given is checked. */
export interface Checksums {
  /** MD5, which finds damage but not a forger. */
  readonly md5?: string | undefined;
  /** SHA-256. */
  readonly sha256?: string | undefined;
}

/** Adds up the checksums of bytes as they come. */
export interface ChecksumCounter {
  /** Counts in the next bytes. */
  update(bytes: Uint8Array): void;
  /** Throws {@link ChecksumMismatchError} for the first checksum that is not as expected. Ends the counting. */
  verify(source: string): void;
}

export const hasChecksum = ({ md5, sha256 }: Checksums): boolean => md5 !== undefined || sha256 !== undefined;

export function checksumCounter(expected: Checksums): ChecksumCounter {
  const wanted = (['sha256', 'md5'] as const).flatMap(algorithm => {
    const value = expected[algorithm];
    return value === undefined ? [] : [{ algorithm, value: value.toLowerCase(), hash: createHash(algorithm) }];
  });
  return {
    update: bytes => {
      for (const { hash } of wanted) hash.update(bytes);
    },
    verify: source => {
      for (const { algorithm, value, hash } of wanted) {
        const actual = hash.digest('hex');
        if (actual !== value) throw new ChecksumMismatchError(source, algorithm, value, actual);
      }
    },
  };
}

/** Counts in all bytes of a file. */
export async function countFile(path: string, counter: ChecksumCounter): Promise<void> {
  for await (const chunk of createReadStream(path)) counter.update(chunk as Buffer);
}

/** SHA-256 of a file, hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
