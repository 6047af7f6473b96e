import { InvalidOptionError, ShapeMismatchError } from '../../errors/option-errors.js';
import { fail } from '../fail.js';
import { asShape, sizeOf } from '../shape.js';
import { requireTensor } from './require-tensor.js';
import type { SafetensorsTensor } from './tensor.js';

/** Host values of the element types that JavaScript has arrays for; BOOL reads as bytes 0 and 1. */
export type SafetensorsValues =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array;

/**
 * A tensor of element type F32.
 *
 * @param shape - Dimensions; `[]` for a scalar.
 * @param values - One value per entry, row-major. Shared, not copied.
 * @throws {@link ShapeMismatchError} if the number of values is not the product of the shape.
 * @throws {@link CorruptCheckpointError} if the shape is impossible.
 *
 * @example
 * ```ts
 * import { float32Tensor } from '@espalier/core';
 *
 * float32Tensor([2, 1], Float32Array.of(1, 2)).dtype; // 'F32'
 * ```
 */
export function float32Tensor(shape: readonly number[], values: Float32Array): SafetensorsTensor {
  if (!(values instanceof Float32Array)) throw new InvalidOptionError('values', values, 'a Float32Array');
  if (values.length !== sizeOf(asShape(shape, 'shape of a tensor'), 'shape of a tensor')) {
    throw new ShapeMismatchError('array of values', [values.length], shape);
  }
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

/**
 * Values of a tensor as 32-bit floats: F32 as it is, F16 and BF16 widened, integers and BOOL where 32-bit floats hold
 * every one of them, all exactly; F64 rounded.
 *
 * @returns A new array, one value per entry.
 * @throws {@link InvalidOptionError} for the 4-, 6- and 8-bit floats and C64, and for integers that 32-bit floats do
 * not hold; {@link typedValues} reads those.
 * @throws {@link CorruptCheckpointError} if a BOOL is neither 0 nor 1, or the shape is impossible.
 * @throws {@link ShapeMismatchError} if it has not the bytes that its shape needs.
 *
 * @example 0x3fc0 is 1.5 in BF16.
 * ```ts
 * import { float32Values } from '@espalier/core';
 *
 * float32Values({ dtype: 'BF16', shape: [1], bytes: Uint8Array.of(0xc0, 0x3f) }); // Float32Array [1.5]
 * ```
 */
export function float32Values(tensor: SafetensorsTensor): Float32Array {
  requireTensor(tensor);
  switch (tensor.dtype) {
    case 'F32':
      return new Float32Array(copyOf(tensor));
    case 'BF16':
      return widened(tensor, half => half << 16);
    case 'F16':
      return widened(tensor, bitsOfHalf);
    case 'F64':
      return Float32Array.from(new Float64Array(copyOf(tensor)));
    default:
      return exactValues(tensor);
  }
}

/**
 * Values of a tensor in the array type of its own element type; F16 and BF16 come as `Float32Array`, BOOL as bytes.
 *
 * @returns A new array, one value per entry.
 * @throws {@link InvalidOptionError} for the 4-, 6- and 8-bit floats and C64, which JavaScript has no array for.
 * @throws {@link CorruptCheckpointError} if a BOOL is neither 0 nor 1, or the shape is impossible.
 * @throws {@link ShapeMismatchError} if it has not the bytes that its shape needs.
 *
 * @example
 * ```ts
 * import { typedValues } from '@espalier/core';
 *
 * typedValues({ dtype: 'I32', shape: [1], bytes: Uint8Array.of(7, 0, 0, 0) }); // Int32Array [7]
 * ```
 */
export function typedValues(tensor: SafetensorsTensor): SafetensorsValues {
  requireTensor(tensor);
  switch (tensor.dtype) {
    case 'F32':
    case 'F16':
    case 'BF16':
      return float32Values(tensor);
    case 'BOOL':
      return booleans(tensor);
    case 'U8':
      return new Uint8Array(copyOf(tensor));
    case 'I8':
      return new Int8Array(copyOf(tensor));
    case 'U16':
      return new Uint16Array(copyOf(tensor));
    case 'I16':
      return new Int16Array(copyOf(tensor));
    case 'U32':
      return new Uint32Array(copyOf(tensor));
    case 'I32':
      return new Int32Array(copyOf(tensor));
    case 'F64':
      return new Float64Array(copyOf(tensor));
    case 'I64':
      return new BigInt64Array(copyOf(tensor));
    case 'U64':
      return new BigUint64Array(copyOf(tensor));
    default:
      throw new InvalidOptionError('tensor.dtype', tensor.dtype, 'a type that JavaScript has arrays for');
  }
}

/** Whole numbers, none of which may change. */
function exactValues(tensor: SafetensorsTensor): Float32Array {
  const integers = typedValues(tensor);
  return Float32Array.from(integers as ArrayLike<number | bigint>, value => {
    const float = Math.fround(Number(value));
    const same = typeof value === 'bigint' ? BigInt(float) === value : float === value;
    if (!same) throw new InvalidOptionError('tensor.bytes', value, 'integers that 32-bit floats hold');
    return float;
  });
}

/** A copy at an aligned address; the bytes of a file start anywhere. */
function copyOf(tensor: SafetensorsTensor): ArrayBuffer {
  return new Uint8Array(tensor.bytes).buffer;
}

function booleans(tensor: SafetensorsTensor): Uint8Array {
  const bytes = new Uint8Array(copyOf(tensor));
  const index = bytes.findIndex(byte => byte > 1);
  if (index >= 0) fail(`Entry ${index} of a BOOL tensor is ${bytes[index]}, but must be 0 or 1.`);
  return bytes;
}

function widened(tensor: SafetensorsTensor, widen: (half: number) => number): Float32Array {
  const halves = new Uint16Array(copyOf(tensor));
  const bits = new Int32Array(halves.length);
  for (let index = 0; index < halves.length; index++) bits[index] = widen(halves[index]!);
  return new Float32Array(bits.buffer);
}

/** Bits of the 32-bit float that equals an IEEE 754 binary16. */
function bitsOfHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
