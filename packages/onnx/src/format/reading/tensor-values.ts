import { BinaryReader } from '@bufbuild/protobuf/wire';
import { OnnxFileError } from '../../errors.js';
import { dataTypes, fields } from '../fields.js';
import type { ParsedTensor } from './parsed.js';
import { heldStretch, type Stretch } from './stretch.js';

/** Numbers of a constant: floats as they are, whole numbers as 64-bit floats. */
export type Numbers = Float32Array | Float64Array;

/** Bytes of a number, and how it is read from there. */
const layouts: ReadonlyMap<number, readonly [width: number, read: (view: DataView, at: number) => number]> = new Map([
  [dataTypes.float32, [4, (view, at) => view.getFloat32(at, true)]],
  [dataTypes.float64, [8, (view, at) => view.getFloat64(at, true)]],
  [dataTypes.float16, [2, (view, at) => halfOf(view.getUint16(at, true))]],
  [dataTypes.bfloat16, [2, (view, at) => bfloat(view.getUint16(at, true))]],
  [dataTypes.int64, [8, (view, at) => Number(view.getBigInt64(at, true))]],
  [dataTypes.uint64, [8, (view, at) => Number(view.getBigUint64(at, true))]],
  [dataTypes.int32, [4, (view, at) => view.getInt32(at, true)]],
  [dataTypes.uint32, [4, (view, at) => view.getUint32(at, true)]],
  [dataTypes.int16, [2, (view, at) => view.getInt16(at, true)]],
  [dataTypes.uint16, [2, (view, at) => view.getUint16(at, true)]],
  [dataTypes.int8, [1, (view, at) => view.getInt8(at)]],
  [dataTypes.uint8, [1, (view, at) => view.getUint8(at)]],
  [dataTypes.bool, [1, (view, at) => view.getUint8(at)]],
]);

const floats: readonly number[] = [dataTypes.float32, dataTypes.float16, dataTypes.bfloat16, dataTypes.float64];

/** How many bytes a tensor has, or an error if it is of no type of numbers. */
export function byteLengthOf(tensor: ParsedTensor): number {
  const [width] = layouts.get(tensor.dataType) ?? refused(tensor, `type ${tensor.dataType}, which has no numbers`);
  return width * sizeOf(tensor);
}

function sizeOf(tensor: ParsedTensor): number {
  const size = tensor.shape.reduce((product, side) => product * side, 1);
  const sound = tensor.shape.every(side => Number.isSafeInteger(side) && side >= 0);
  return sound && size <= 2 ** 31 ? size : refused(tensor, `shape [${tensor.shape.join(', ')}]`);
}

function refused({ name }: ParsedTensor, what: string): never {
  throw new OnnxFileError('ONNX_FILE_INVALID', `The tensor "${name}" is of ${what}.`);
}

/** The numbers of a tensor; `raw` are its bytes if they are elsewhere. Nothing is made before the size is right. */
export function numbersOf(tensor: ParsedTensor, raw: Stretch | undefined = tensor.raw): Numbers {
  const size = sizeOf(tensor);
  const [width, read] = layouts.get(tensor.dataType) ?? refused(tensor, `type ${tensor.dataType}`);
  if (!raw && tensor.packed.size === 0 && size === 0) return new Float32Array(0);
  if (!raw) return packedNumbers(tensor, size);
  if (raw.length !== size * width)
    throw new OnnxFileError(
      'ONNX_FILE_INVALID',
      `The tensor "${tensor.name}" has ${raw.length} bytes, but its shape needs ${size * width}.`,
    );
  const bytes = raw.bytes();
  if (tensor.dataType === dataTypes.float32) return new Float32Array(new Uint8Array(bytes).buffer);
  const result = floats.includes(tensor.dataType) ? new Float32Array(size) : new Float64Array(size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < size; i++) result[i] = read(view, i * width);
  return result;
}

/** Numbers of the fields for single types. */
function packedNumbers(tensor: ParsedTensor, size: number): Numbers {
  const { floats: floatField, doubles, integers, longs } = fields.tensor;
  const pieces = (field: number): Stretch => joined(tensor.packed.get(field) ?? []);
  if (tensor.dataType === dataTypes.float32) return numbersOf({ ...tensor, packed: new Map() }, pieces(floatField));
  if (tensor.dataType === dataTypes.float64) return numbersOf({ ...tensor, packed: new Map() }, pieces(doubles));
  const bytes = pieces(tensor.dataType === dataTypes.int64 ? longs : integers);
  if (bytes.length < size) return refused(tensor, `${size} numbers in ${bytes.length} bytes`);
  const reader = new BinaryReader(bytes.bytes());
  const half =
    tensor.dataType === dataTypes.float16 ? halfOf : tensor.dataType === dataTypes.bfloat16 ? bfloat : Number;
  const result = floats.includes(tensor.dataType) ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < size; i++) {
    if (reader.pos >= reader.len) refused(tensor, `${size} numbers, of which ${i} are there`);
    result[i] = half(Number(reader.int64()));
  }
  return reader.pos === reader.len ? result : refused(tensor, `${size} numbers, but has more`);
}

function joined(pieces: readonly Stretch[]): Stretch {
  const [first, ...others] = pieces;
  if (first && others.length === 0) return first;
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    all.set(piece.bytes(), offset);
    offset += piece.length;
  }
  return heldStretch(all);
}

const bits = new DataView(new ArrayBuffer(4));

function bfloat(half: number): number {
  bits.setUint32(0, half << 16);
  return bits.getFloat32(0);
}

/** A float of 16 bits: sign, 5 bits of exponent, 10 of fraction. */
function halfOf(half: number): number {
  const [sign, exponent, fraction] = [half & 0x8000 ? -1 : 1, (half >> 10) & 31, half & 1023];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
