import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { CorruptCheckpointError, InvalidOptionError, ShapeMismatchError } from '../../errors/index.js';
import { readSafetensors } from './read-safetensors.js';
import type { SafetensorsTensor } from './tensor.js';
import { float32Tensor } from './values.js';
import { writeSafetensors } from './write-safetensors.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/**
 * The tensors of a 3 × 10 matrix in compressed-tensors' layout, as Python's safetensors 0.8.0 wrote them (450 bytes).
 */
const tensors = new Map<string, SafetensorsTensor>([
  ['fc.bitmask', { dtype: 'U8', shape: [3, 2], bytes: hex('0201 0000 8502') }],
  ['fc.compressed', float32Tensor([6], Float32Array.of(1.5, -2, 3, 4, 5, 6))],
  ['fc.bias', float32Tensor([3], new Float32Array(3))],
  ['fc.shape', { dtype: 'I64', shape: [2], bytes: hex('0300000000000000 0a00000000000000') }],
  ['fc.row_offsets', { dtype: 'I64', shape: [3], bytes: hex('0000000000000000 0200000000000000 0200000000000000') }],
]);

it('writes the very bytes that the reference implementation writes', () => {
  const file = writeSafetensors(tensors, new Map([['format', 'pt']]));
  expect(file.length).toBe(450);
  expect([...file.subarray(0, 8)]).toEqual([0x68, 0x01, 0, 0, 0, 0, 0, 0]); // 360
  expect(text(file.subarray(8, 368))).toBe(
    '{"__metadata__":{"format":"pt"},' +
      '"fc.row_offsets":{"dtype":"I64","shape":[3],"data_offsets":[0,24]},' +
      '"fc.shape":{"dtype":"I64","shape":[2],"data_offsets":[24,40]},' +
      '"fc.bias":{"dtype":"F32","shape":[3],"data_offsets":[40,52]},' +
      '"fc.compressed":{"dtype":"F32","shape":[6],"data_offsets":[52,76]},' +
      '"fc.bitmask":{"dtype":"U8","shape":[3,2],"data_offsets":[76,82]}}      ',
  );
  expect(file.subarray(368)).toEqual(
    hex(
      '000000000000000002000000000000000200000000000000 03000000000000000a00000000000000' +
        '000000000000000000000000 0000c03f000000c000004040000080400000a0400000c040 020100008502',
    ),
  );
  expect(createHash('sha256').update(file).digest('hex')).toBe(
    '08e085de72ad6a391e2c3233b699825aec54618c836551f60fbefd95d1263d73',
  );
});

it('sorts names by their UTF-8 bytes, not by UTF-16 units', () => {
  // U+FF5E is ef bd 9e, U+1F600 is f0 9f 98 80; in UTF-16 they are ff5e and d83d de00, the other way round
  const file = writeSafetensors(
    new Map(['\u{1F600}', '\uFF5E', 'b', 'B'].map(name => [name, float32Tensor([], Float32Array.of(1))])),
  );
  expect([...readSafetensors(file).tensors.keys()]).toEqual(['B', 'b', '\uFF5E', '\u{1F600}']);
});

it('writes an empty file of 16 bytes for no tensors and no metadata', () => {
  expect(text(writeSafetensors(new Map()).subarray(8))).toBe('{}      ');
});

it('refuses a tensor without the bytes that its shape needs', () => {
  const tensor: SafetensorsTensor = { dtype: 'F32', shape: [2], bytes: new Uint8Array(7) };
  expect(() => writeSafetensors(new Map([['a', tensor]]))).toThrow(ShapeMismatchError);
});

it('refuses the reserved name, lone surrogates and impossible shapes', () => {
  const scalar = float32Tensor([], Float32Array.of(1));
  expect(() => writeSafetensors(new Map([['__metadata__', scalar]]))).toThrow(InvalidOptionError);
  expect(() => writeSafetensors(new Map([['\uD800', scalar]]))).toThrow(CorruptCheckpointError);
  expect(() => writeSafetensors(new Map(), new Map([['a', '\uDC00']]))).toThrow(CorruptCheckpointError);
  expect(() => writeSafetensors(new Map([['a', { ...scalar, shape: [-1] }]]))).toThrow(CorruptCheckpointError);
});

it('refuses more tensors than the reader accepts', () => {
  const scalar = float32Tensor([], Float32Array.of(1));
  const many = new Map(Array.from({ length: 100_001 }, (_, index) => [`${index}`, scalar]));
  expect(() => writeSafetensors(many)).toThrow(/100001 tensors, over the limit/);
  many.delete('0');
  expect(readSafetensors(writeSafetensors(many)).tensors.size).toBe(100_000);
});
