import { expect, it } from 'vitest';
import { CorruptCheckpointError, InvalidOptionError, ShapeMismatchError } from '../../errors/index.js';
import type { SafetensorsDtype } from './dtype.js';
import { float32Tensor, float32Values, typedValues } from './values.js';

const tensor = (dtype: SafetensorsDtype, size: number, ...bytes: number[]) => ({
  dtype,
  shape: [size],
  bytes: Uint8Array.from(bytes),
});

/** IEEE 754-2019, table 3.5: value of a binary16 pattern. */
function halfByDefinition(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

it('widens all 65,536 F16 patterns exactly', () => {
  const halves = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern);
  const values = float32Values({ dtype: 'F16', shape: [65536], bytes: new Uint8Array(halves.buffer) });
  const wrong = [...values].findIndex((value, pattern) => !Object.is(value, halfByDefinition(pattern)));
  expect(wrong).toBe(-1);
});

it('widens BF16 by appending 16 zero bits', () => {
  // 3fc0 = 1.5, c000 = -2, 8000 = -0, 7f80 = ∞, 0001 = 2^-133
  const values = float32Values(tensor('BF16', 5, 0xc0, 0x3f, 0, 0xc0, 0, 0x80, 0x80, 0x7f, 1, 0));
  expect([...values]).toEqual([1.5, -2, -0, Number.POSITIVE_INFINITY, 2 ** -133]);
});

it.each([
  [tensor('F32', 1, 0, 0, 0xc0, 0x3f), Float32Array.of(1.5)],
  [tensor('F16', 1, 0, 0x3e), Float32Array.of(1.5)],
  [tensor('F64', 1, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f), Float64Array.of(1.5)],
  [tensor('BOOL', 2, 1, 0), Uint8Array.of(1, 0)],
  [tensor('U8', 1, 255), Uint8Array.of(255)],
  [tensor('I8', 1, 255), Int8Array.of(-1)],
  [tensor('U16', 1, 1, 2), Uint16Array.of(513)],
  [tensor('I16', 1, 255, 255), Int16Array.of(-1)],
  [tensor('U32', 1, 0, 0, 0, 0x80), Uint32Array.of(2 ** 31)],
  [tensor('I32', 1, 0, 0, 0, 0x80), Int32Array.of(-(2 ** 31))],
  [tensor('I64', 1, 0xfe, 255, 255, 255, 255, 255, 255, 255), BigInt64Array.of(-2n)],
  [tensor('U64', 1, 0, 0, 0, 0, 0, 0, 0, 0x80), BigUint64Array.of(2n ** 63n)],
])('reads %o in the array of its own type', (given, expected) => {
  expect(typedValues(given)).toEqual(expected);
});

it.each([
  [tensor('F64', 1, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f), Math.fround(0.1)],
  [tensor('I64', 1, 0xfe, 255, 255, 255, 255, 255, 255, 255), -2],
  [tensor('I32', 1, 0, 0, 0, 0x80), -(2 ** 31)],
  [tensor('U8', 1, 255), 255],
  [tensor('BOOL', 1, 1), 1],
])('gives %o as 32-bit floats', (given, expected) => {
  expect(float32Values(given)).toEqual(Float32Array.of(expected));
});

it.each([
  [tensor('I32', 1, 1, 0, 0, 1)], // 2^24 + 1
  [tensor('U64', 1, 255, 255, 255, 255, 255, 255, 255, 255)],
  [tensor('F8_E4M3', 1, 0)],
])('does not give %o as 32-bit floats, which do not hold it', given => {
  expect(() => float32Values(given)).toThrow(InvalidOptionError);
});

it('reads from odd addresses and shares no memory with the file', () => {
  const bytes = Uint8Array.of(9, 0, 0, 0xc0, 0x3f);
  const values = float32Values({ dtype: 'F32', shape: [1], bytes: bytes.subarray(1) });
  bytes.fill(0);
  expect([...values]).toEqual([1.5]);
});

it('refuses types that JavaScript has no array for, and BOOL bytes over 1', () => {
  expect(() => typedValues(tensor('F8_E4M3', 1, 0))).toThrow(InvalidOptionError);
  expect(() => typedValues(tensor('BOOL', 1, 2))).toThrow(CorruptCheckpointError);
});

it('refuses values that do not fill their shape', () => {
  expect(() => float32Tensor([2, 2], new Float32Array(3))).toThrow(ShapeMismatchError);
});
