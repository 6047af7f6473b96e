/** Eight tables for the reflected polynomial 0xEDB88320 (zlib, PNG, Python's `zlib.crc32`), eight bytes a turn. */
const tables = makeTables();

function makeTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    return remainder;
  });
  const all = [first];
  for (let table = 1; table < 8; table++) {
    all.push(all[table - 1]!.map(remainder => (remainder >>> 8) ^ first[remainder & 0xff]!));
  }
  return all;
}

/** CRC-32 of `bytes`, continuing from `crc`; detects every change confined to 32 consecutive bits. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as readonly [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let state = ~crc;
  let at = 0;
  for (const last = bytes.length - 7; at < last; at += 8) {
    state ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    state =
      t7[state & 0xff]! ^
      t6[(state >>> 8) & 0xff]! ^
      t5[(state >>> 16) & 0xff]! ^
      t4[state >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) state = (state >>> 8) ^ t0[(state ^ bytes[at]!) & 0xff]!;
  return ~state >>> 0;
}
