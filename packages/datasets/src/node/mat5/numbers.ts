import { endianness } from 'node:os';
import type { ElementReader, MatElement } from './element-reader.js';

/** Numbers as they are stored; whole numbers of 64 bits are rounded to doubles. */
export type MatNumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** What the numbers of a type become; MAT-File Format, table 1-1. */
const numberTypes: ReadonlyMap<number, readonly [size: number, make: (buffer: ArrayBuffer) => MatNumberArray]> =
  new Map<number, readonly [number, (buffer: ArrayBuffer) => MatNumberArray]>([
    [1, [1, buffer => new Int8Array(buffer)]],
    [2, [1, buffer => new Uint8Array(buffer)]],
    [3, [2, buffer => new Int16Array(buffer)]],
    [4, [2, buffer => new Uint16Array(buffer)]],
    [5, [4, buffer => new Int32Array(buffer)]],
    [6, [4, buffer => new Uint32Array(buffer)]],
    [7, [4, buffer => new Float32Array(buffer)]],
    [9, [8, buffer => new Float64Array(buffer)]],
    [12, [8, buffer => rounded(new BigInt64Array(buffer))]],
    [13, [8, buffer => rounded(new BigUint64Array(buffer))]],
  ]);

/**
 * Numbers of any type, which need not be the type of the array that they are of: MATLAB stores what fits in fewer
 * bytes. A copy, which takes as many bytes as the file has for them.
 */
export function readNumbers({ type, bytes }: MatElement, reader: ElementReader, what: string): MatNumberArray {
  const known = numberTypes.get(type);
  if (known === undefined) return reader.fail(`${what} is of type ${type}, which is no number`);
  const [size, make] = known;
  if (bytes.length % size !== 0) return reader.fail(`${what} has ${bytes.length} bytes of numbers of ${size}`);
  reader.keep(bytes.length);
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  if (reader.littleEndian !== (endianness() === 'LE')) swap(copy, size);
  return make(copy.buffer);
}

function swap(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}

/** In place. */
function rounded(values: BigInt64Array | BigUint64Array): Float64Array {
  const numbers = new Float64Array(values.buffer as ArrayBuffer);
  for (let i = 0; i < numbers.length; i++) numbers[i] = Number(values[i]);
  return numbers;
}
