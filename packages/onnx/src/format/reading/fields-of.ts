import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { OnnxFileError } from '../../errors.js';

/** Most nodes, attributes, names and numbers of attributes of one file, and the longest name in bytes. */
const [mostParts, longestName] = [2 ** 19, 2 ** 16];

/** Counts what is made of a file, so that a small one cannot ask for all memory. */
export class Budget {
  #left = mostParts;

  take(parts = 1): void {
    this.#left -= parts;
    if (this.#left < 0)
      throw new OnnxFileError('ONNX_FILE_LIMIT', `It has over ${mostParts} nodes, attributes, names and sizes.`);
  }
}

/** One field of a message: its bytes, or its number. */
export interface Field {
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
  /** A whole number, or the bits of a float. */
  readonly value: number;
}

/** Fields of a message one after the other; the bytes are views of the file. */
export function* fieldsOf(message: Uint8Array, budget: Budget): Generator<Field> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    budget.take();
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited) yield { number, bytes: reader.bytes(), value: Number.NaN };
    else if (type === WireType.Varint) yield { number, bytes: undefined, value: Number(reader.int64()) };
    else if (type === WireType.Bit32) yield { number, bytes: undefined, value: reader.float() };
    else if (type === WireType.Bit64) yield { number, bytes: undefined, value: reader.double() };
    else throw new Error('There are groups, which ONNX does not have.');
  }
}

const decoder = new TextDecoder();

export function textOf({ bytes }: Field): string {
  if (!bytes) throw new Error('A text is a number.');
  if (bytes.length > longestName) throw new OnnxFileError('ONNX_FILE_LIMIT', `A name has ${bytes.length} bytes.`);
  return decoder.decode(bytes);
}

/** Whole numbers of a repeated field, packed or one by one. */
export function integersOf({ bytes, value }: Field, budget: Budget): number[] {
  if (!bytes) return [value];
  const reader = new BinaryReader(bytes);
  const found: number[] = [];
  while (reader.pos < reader.len) {
    budget.take();
    found.push(Number(reader.int64()));
  }
  return found;
}

/** Floats of a repeated field, packed or one by one. */
export function floatsOf({ bytes, value }: Field, budget: Budget): number[] {
  if (!bytes) return [value];
  if (bytes.length % 4 !== 0) throw new Error('Floats are cut off.');
  budget.take(bytes.length / 4);
  return [...new Float32Array(new Uint8Array(bytes).buffer)];
}

export function messageOf({ bytes }: Field): Uint8Array {
  if (!bytes) throw new Error('A message is a number.');
  return bytes;
}
