/** Zlib's CRC-32 by its definition, so that forgers do not use the code under test. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let state = byte;
  for (let bit = 0; bit < 8; bit++) state = (state >>> 1) ^ (state & 1 ? 0xedb88320 : 0);
  return state;
});

/** Offset of the eight digits, as docs/checkpoint-format.md states it. */
const place = 37;

/** The file with a checksum that fits its content. */
export function reseal(file: Uint8Array): Uint8Array {
  if (file.length < place + 8) return file;
  const sealed = Buffer.from(file);
  sealed.write('00000000', place, 'ascii');
  let state = 0xffffffff;
  for (const byte of sealed) state = (state >>> 8) ^ table[(state ^ byte) & 0xff]!;
  sealed.write((~state >>> 0).toString(16).padStart(8, '0'), place, 'ascii');
  return sealed;
}

export function headerOf(file: Uint8Array): string {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return Buffer.from(file.subarray(8, 8 + length)).toString();
}

/** The file with another header of the right length in front of the same data; the checksum stays as it is. */
export function editHeader(file: Uint8Array, edit: (text: string) => string): Uint8Array {
  const old = headerOf(file);
  const text = Buffer.from(edit(old));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, file.subarray(8 + Buffer.byteLength(old))]);
}
