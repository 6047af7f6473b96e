import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { OnnxFileError } from '../../errors.js';
import { heldStretch, type Stretch } from './stretch.js';

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
  readonly bytes: Stretch | undefined;
  /** A whole number, or the bits of a float. */
  readonly value: number;
}

/** Bytes that are looked at together. What does not fit, such as weights, is passed over and not read. */
const windowLength = 2 ** 16;

/** Most bytes of a tag and the number behind it: two numbers of 64 bits, seven bits a byte. */
const longestHead = 20;

/** Most bytes of a whole number. */
const longestInteger = 10;

/** Fields of a message one after the other; their bytes are parts of the file. */
export function* fieldsOf(message: Stretch, budget: Budget): Generator<Field> {
  for (let begin = 0; begin < message.length; ) {
    const window = message.part(begin, Math.min(begin + windowLength, message.length)).bytes();
    const reader = new BinaryReader(window);
    // The window may cut a field's head behind this place: it is read in the next window.
    const last = begin + window.length < message.length ? window.length - longestHead : window.length;
    while (reader.pos < last) {
      budget.take();
      const [number, type] = reader.tag();
      if (type !== WireType.LengthDelimited) {
        yield { number, bytes: undefined, value: numberIn(reader, type) };
        continue;
      }
      const length = reader.uint32();
      const from = reader.pos;
      reader.pos += length;
      if (begin + reader.pos > message.length) throw new RangeError('It ends within a field.');
      const bytes =
        reader.pos <= window.length
          ? heldStretch(window.subarray(from, reader.pos))
          : message.part(begin + from, begin + reader.pos);
      yield { number, bytes, value: Number.NaN };
    }
    begin += reader.pos;
  }
}

function numberIn(reader: BinaryReader, type: WireType): number {
  if (type === WireType.Varint) return Number(reader.int64());
  if (type === WireType.Bit32) return reader.float();
  if (type === WireType.Bit64) return reader.double();
  throw new Error('There are groups, which ONNX does not have.');
}

const decoder = new TextDecoder();

export function textOf(field: Field): string {
  const { length } = messageOf(field);
  if (length > longestName) throw new OnnxFileError('ONNX_FILE_LIMIT', `A name has ${length} bytes.`);
  return decoder.decode(messageOf(field).bytes());
}

/** Whole numbers of a repeated field, packed or one by one. */
export function integersOf({ bytes, value }: Field, budget: Budget): number[] {
  if (!bytes) return [value];
  budget.take(Math.floor(bytes.length / longestInteger));
  const reader = new BinaryReader(bytes.bytes());
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
  return [...new Float32Array(new Uint8Array(bytes.bytes()).buffer)];
}

export function messageOf({ bytes }: Field): Stretch {
  if (!bytes) throw new Error('A text or message is a number.');
  return bytes;
}
