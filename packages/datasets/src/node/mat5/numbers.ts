import type { ElementReader, MatElement } from './element-reader.js';

type Read = (view: DataView, offset: number, littleEndian: boolean) => number;

/** Bytes of a number and how to read it, by type; MAT-File Format, table 1-1. */
const numberTypes: Readonly<Record<number, readonly [size: number, read: Read]>> = {
  1: [1, (view, offset) => view.getInt8(offset)],
  2: [1, (view, offset) => view.getUint8(offset)],
  3: [2, (view, offset, little) => view.getInt16(offset, little)],
  4: [2, (view, offset, little) => view.getUint16(offset, little)],
  5: [4, (view, offset, little) => view.getInt32(offset, little)],
  6: [4, (view, offset, little) => view.getUint32(offset, little)],
  7: [4, (view, offset, little) => view.getFloat32(offset, little)],
  9: [8, (view, offset, little) => view.getFloat64(offset, little)],
  12: [8, (view, offset, little) => Number(view.getBigInt64(offset, little))],
  13: [8, (view, offset, little) => Number(view.getBigUint64(offset, little))],
};

/** Numbers of any type, which need not be the type of the array that they are of: MATLAB stores what fits in fewer bytes. */
export function readNumbers({ type, bytes }: MatElement, reader: ElementReader, what: string): Float64Array {
  const known = numberTypes[type];
  if (known === undefined) return reader.fail(`${what} is of type ${type}, which is no number`);
  const [size, read] = known;
  if (bytes.length % size !== 0) return reader.fail(`${what} has ${bytes.length} bytes of numbers of ${size}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / size }, (_, i) => read(view, i * size, reader.littleEndian));
}
