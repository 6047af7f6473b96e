import type { SafetensorsDtype } from './dtype.js';
import type { SafetensorsTensor } from './tensor.js';

/** The bytes of a file, of which parts are read: in memory, or where they are stored. */
export interface FileBytes {
  readonly length: number;
  /** True if parts are views, which take no memory of their own. */
  readonly held: boolean;
  /** Bytes from `begin` up to `end`. */
  read(begin: number, end: number): Uint8Array;
}

/** A file that is in memory; parts of it are views. */
export function heldBytes(view: ArrayBufferView): FileBytes {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return { length: bytes.length, held: true, read: (begin, end) => bytes.subarray(begin, end) };
}

/** A tensor of a file; where the file is not held, its bytes are read each time that somebody looks at them. */
export function tensorIn(
  file: FileBytes,
  { dtype, shape }: { readonly dtype: SafetensorsDtype; readonly shape: readonly number[] },
  [begin, end]: readonly [number, number],
): SafetensorsTensor {
  if (file.held) return { dtype, shape, bytes: file.read(begin, end) };
  return {
    dtype,
    shape,
    get bytes() {
      return file.read(begin, end);
    },
  };
}
