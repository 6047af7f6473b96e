import type { FisherFile } from '../src/index.js';

/** A file of a megabyte in memory. */
export function memoryFile(): FisherFile {
  const bytes = new Uint8Array(1 << 20);
  const bytesOf = (array: Float32Array | Float64Array): Uint8Array =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return {
    read: (into, at) => bytesOf(into).set(bytes.subarray(at, at + into.byteLength)),
    write: (from, at) => bytes.set(bytesOf(from), at),
  };
}
