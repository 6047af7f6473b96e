/** Bytes of several buffers together. */
export function totalBytes(buffers: readonly ArrayBuffer[]): number {
  return buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/**
 * Cuts buffers, taken as one long row of bytes, into pieces of `size` bytes (the last may be shorter), without copying.
 */
export function* shards(buffers: readonly ArrayBuffer[], size: number): Generator<Uint8Array[]> {
  let piece: Uint8Array[] = [];
  let room = size;
  for (const buffer of buffers) {
    for (let offset = 0; offset < buffer.byteLength; ) {
      const length = Math.min(room, buffer.byteLength - offset);
      piece.push(new Uint8Array(buffer, offset, length));
      offset += length;
      room -= length;
      if (room > 0) continue;
      yield piece;
      piece = [];
      room = size;
    }
  }
  if (piece.length > 0) yield piece;
}
