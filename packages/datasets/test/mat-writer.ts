import { deflateSync } from 'node:zlib';

/** What {@link matOf} writes. */
export type Written = number[] | string | Written[] | { readonly struct: readonly Record<string, Written>[] };

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);

function element(type: number, bytes: Buffer): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([tag, padded(bytes)]);
}

const int32 = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
const isNumbers = (value: Written): value is number[] =>
  Array.isArray(value) && value.every(v => typeof v === 'number');

/** A matrix element; rows of one, as the datasets have them. */
function matrix(name: string, value: Written): Buffer {
  const parts = (type: number, count: number, ...content: Buffer[]): Buffer =>
    element(
      14,
      Buffer.concat([
        element(6, int32(type, 0)),
        element(5, int32(1, count)),
        element(1, Buffer.from(name)),
        ...content,
      ]),
    );
  if (typeof value === 'string') return parts(4, value.length, element(4, Buffer.from(value, 'utf16le')));
  if (isNumbers(value)) return parts(6, value.length, element(9, Buffer.from(Float64Array.from(value).buffer)));
  if (Array.isArray(value)) return parts(1, value.length, ...value.map(cell => matrix('', cell)));
  const fields = Object.keys(value.struct[0] ?? {});
  const names = Buffer.concat(fields.map(field => Buffer.from(field.padEnd(32, '\0'))));
  const cells = value.struct.flatMap(one => fields.map(field => matrix('', one[field]!)));
  return parts(2, value.struct.length, element(5, int32(32)), element(1, names), ...cells);
}

/** A MAT-file of level 5. */
export function matOf(arrays: Record<string, Written>, compress = false): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file', 'latin1');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  const elements = Object.entries(arrays).map(([name, value]) => {
    const whole = matrix(name, value);
    if (!compress) return whole;
    const packed = deflateSync(whole);
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(15, 0);
    tag.writeUInt32LE(packed.length, 4);
    return Buffer.concat([tag, packed]);
  });
  return Buffer.concat([header, ...elements]);
}
