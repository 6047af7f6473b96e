import { expect, it } from 'vitest';
import { tinyCheckpoint } from '../../../test/checkpoint/tiny-checkpoint.js';
import type { MethodState } from '../../method/state.js';
import type { Checkpoint } from '../checkpoint.js';
import { decodeCheckpoint } from '../decode.js';
import { encodeCheckpoint } from '../encode.js';
import { readSafetensors } from '../safetensors/read-safetensors.js';
import { copyState } from './split-state.js';

const withState = (state: unknown): Checkpoint => ({ ...tinyCheckpoint(), state: state as MethodState });

const bytesOf = ({ buffer }: Float32Array): Uint8Array => new Uint8Array(buffer);

it('keeps arrays as tensors beside the plain data, null in their places', () => {
  const state = {
    sums: { 'fc/kernel': Float32Array.of(1, Number.NaN) },
    list: [7, Int32Array.of(-1), Uint8Array.of(255)],
  };
  const file = encodeCheckpoint(withState(state));
  const { tensors, metadata } = readSafetensors(file);
  expect(metadata.get('state')).toBe('{"sums":{"fc/kernel":null},"list":[7,null,null]}');
  expect(JSON.parse(metadata.get('stateArrays') ?? '')).toEqual([
    { path: ['sums', 'fc/kernel'], dtype: 'F32', length: 2 },
    { path: ['list', 1], dtype: 'I32', length: 1 },
    { path: ['list', 2], dtype: 'U8', length: 1 },
  ]);
  expect(tensors.get('1.state')).toMatchObject({ dtype: 'I32', shape: [1] });
  expect(decodeCheckpoint(file).state).toEqual(state);
});

it('takes four bytes for each number of a state as large as the weights', () => {
  // As JSON, 670,000 numbers of some 20 characters took 13 MB, and 2,000,000 were refused.
  const numbers = Float32Array.from({ length: 2_000_001 }, (_, i) => Math.sin(i));
  const growth = encodeCheckpoint(withState(numbers)).length - encodeCheckpoint(withState(null)).length;
  expect(growth).toBeGreaterThanOrEqual(4 * numbers.length);
  expect(growth).toBeLessThan(4 * numbers.length + 1000);
  const decoded = decodeCheckpoint(encodeCheckpoint(withState(numbers))).state as Float32Array;
  expect(Buffer.compare(bytesOf(decoded), bytesOf(numbers))).toBe(0);
});

it.each([
  ['a Float64Array', { sums: Float64Array.of(1) }, 'state.sums'],
  ['a Map', new Map(), 'state'],
  ['NaN outside of an array', { best: [Number.NaN] }, 'state.best[0]'],
  ['undefined', { best: undefined }, 'state.best'],
])('refuses to write %s and says where it is', (_, state, where) => {
  expect(() => encodeCheckpoint(withState(state))).toThrow(`The ${where} is `);
});

it('refuses a state that contains itself', () => {
  const state: { self?: unknown } = {};
  state.self = [state];
  expect(() => encodeCheckpoint(withState(state))).toThrow(/nested deeper/);
});

it('counts arrays against the limit on decoded bytes before it reads them', () => {
  const file = encodeCheckpoint(withState(new Uint8Array(5000)));
  const { decodedBytes } = { decodedBytes: 4000 };
  expect(() => decodeCheckpoint(file, { decodedBytes })).toThrow(/limit decodedBytes/);
  expect(decodeCheckpoint(file, { decodedBytes: 6000 }).state).toEqual(new Uint8Array(5000));
});

it('copies without sharing memory', () => {
  const state = { a: Float32Array.of(1), b: [Uint8Array.of(2)] };
  const copy = copyState(state);
  state.a[0] = 9;
  state.b[0]?.fill(9);
  expect(copy).toEqual({ a: Float32Array.of(1), b: [Uint8Array.of(2)] });
});
