/** Bytes of a file one after the other, in memory or where the file is stored. */
export interface Stretch {
  readonly length: number;
  /** All of them; where the file is stored they are read each time. */
  bytes(): Uint8Array;
  /** Those from `begin` up to `end`, which are not looked at. */
  part(begin: number, end: number): Stretch;
}

/** Bytes that are in memory; parts are views. */
export function heldStretch(bytes: Uint8Array): Stretch {
  return {
    length: bytes.length,
    bytes: () => bytes,
    part: (begin, end) => heldStretch(bytes.subarray(begin, end)),
  };
}

/** Bytes of a file that `read` reads at a position, at least those that are asked for, or throws. */
export function storedStretch(
  read: (position: number, length: number) => Uint8Array,
  length: number,
  position = 0,
): Stretch {
  return {
    length,
    bytes: () => read(position, length),
    part: (begin, end) => storedStretch(read, end - begin, position + begin),
  };
}
