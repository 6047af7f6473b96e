import { readSync, writeSync } from 'node:fs';
import type { FisherFile } from '../fisher/task.js';

/** Node takes lengths of 31 bits, and blocks can have more bytes. */
const MOST_BYTES = 2 ** 30;

/**
 * The open file of a descriptor. The system may move fewer bytes than it was asked to, so reads and writes repeat until
 * all are through.
 *
 * @param most - Bytes that are asked for at a time.
 */
export function descriptorFile(descriptor: number, most: number = MOST_BYTES): FisherFile {
  return {
    read: (into, at) => {
      const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
      for (let done = 0; done < bytes.length; ) {
        const moved = readSync(descriptor, bytes, done, Math.min(most, bytes.length - done), at + done);
        if (moved === 0) throw new Error('the file ends too early');
        done += moved;
      }
    },
    write: (from, at) => {
      const bytes = new Uint8Array(from.buffer, from.byteOffset, from.byteLength);
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(descriptor, bytes, done, Math.min(most, bytes.length - done), at + done);
      }
    },
  };
}
