import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorruptCheckpointError } from '../../errors/index.js';
import { readSafetensors } from './read-safetensors.js';
import type { SafetensorsTensor } from './tensor.js';
import { float32Tensor } from './values.js';
import { writeSafetensors } from './write-safetensors.js';

const utf8 = new TextEncoder();

/** A file with this header, unpadded, and this many data bytes. */
function file(header: string | Uint8Array, dataBytes = 0, claimed?: bigint): Uint8Array {
  const head = typeof header === 'string' ? utf8.encode(header) : header;
  const bytes = new Uint8Array(8 + head.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(head.length), true);
  bytes.set(head, 8);
  return bytes;
}

const entry = (name: string, shape: string, offsets: string, dtype = 'U8'): string =>
  `"${name}":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;

const tensorArbitrary: fc.Arbitrary<SafetensorsTensor> = fc.oneof(
  fc.uint8Array({ maxLength: 9 }).map(bytes => ({ dtype: 'U8' as const, shape: [bytes.length], bytes })),
  fc.uint8Array({ maxLength: 5 }).map(bytes => ({ dtype: 'BOOL' as const, shape: [1, bytes.length, 1], bytes })),
  fc.float32Array({ maxLength: 5 }).map(values => float32Tensor([values.length, 1], values)),
  fc.uint8Array({ minLength: 8, maxLength: 8 }).map(bytes => ({ dtype: 'F64' as const, shape: [], bytes })),
  fc.constant({ dtype: 'I64' as const, shape: [0, 9007199254740991], bytes: new Uint8Array() }),
);
const name = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', 'toString', '', '"', '\\', '1'))
  .filter(text => text !== '__metadata__');

it('reads back whatever was written, under any names', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(name, tensorArbitrary), { selector: ([key]) => key }),
      fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'grapheme' })), { selector: ([key]) => key }),
      (tensors, metadata) => {
        const read = readSafetensors(writeSafetensors(new Map(tensors), new Map(metadata)));
        expect(read.metadata).toEqual(new Map(metadata));
        expect(new Map([...read.tensors].sort())).toEqual(new Map([...tensors].sort()));
      },
    ),
  );
});

it('reads files in the middle of a larger buffer, at odd addresses', () => {
  const bytes = writeSafetensors(new Map([['a', float32Tensor([1], Float32Array.of(7))]]));
  const pool = Buffer.concat([Buffer.from([9]), bytes, Buffer.from([9, 9])]);
  expect(readSafetensors(pool.subarray(1, -2)).tensors.get('a')?.bytes).toEqual(Uint8Array.of(0, 0, 0xe0, 0x40));
});

describe('accepts what the reference implementation accepts', () => {
  it.each([
    ['an unsorted header', file(`{${entry('b', '[1]', '[2,3]')},${entry('a', '[2]', '[0,2]')}}`, 3)],
    ['spaces after the header', file('{}   ')],
    ['spaces before the header', file('    {}')],
    ['all white space that JSON knows, before and after', file(' \t\n\r{}\r\n\t ')],
    ['white space within', file(`\n{ ${entry('a', '[ 2 ]', '[ 0 , 2 ]')} }\n`, 2)],
    [
      'empty tensors between others',
      file(`{${entry('a', '[1]', '[0,1]')},${entry('e', '[0,5]', '[1,1]')},${entry('b', '[1]', '[1,2]')}}`, 2),
    ],
    ['rank 0', file(`{${entry('a', '[]', '[0,4]', 'F32')}}`, 4)],
    ['two 4-bit entries in a byte', file(`{${entry('a', '[2]', '[0,1]', 'F4')}}`, 1)],
  ])('%s', (_, bytes) => {
    expect(() => readSafetensors(bytes)).not.toThrow();
  });
});

describe('refuses, with the reason,', () => {
  it.each([
    ['an empty file', new Uint8Array(), /too few/],
    ['7 bytes', new Uint8Array(7), /too few/],
    ['a header longer than the file', file('{}', 0, 3n), /claims 3 bytes/],
    ['a header of 2^64 - 1 bytes', file('{}', 0, 2n ** 64n - 1n), /over the limit/],
    ['a header of 2^53 bytes', file('{}', 0, 2n ** 53n), /over the limit/],
    ['a header over 100 MB', file('{}', 0, 100_000_001n), /over the limit/],
    ['no header', file(''), /start with "\{"/],
    ['white space alone as header', file(' \t\n\r'), /start with "\{"/],
    ['a form feed before the header', file('\f{}'), /start with "\{"/],
    ['a no-break space before the header', file('\u00a0{}'), /start with "\{"/],
    ['a null character after the header', file('{}\0'), /not valid JSON/],
    ['text after the header', file('{} x'), /not valid JSON/],
    ['an array as header', file('[]'), /start with "\{"/],
    ['a byte-order mark', file('\uFEFF{}'), /start with "\{"/],
    ['broken UTF-8', file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /UTF-8/],
    ['half a JSON object', file('{"a":'), /valid JSON/],
    ['text after the object', file('{}x'), /valid JSON/],
    ['a name twice', file(`{${entry('a', '[0]', '[0,0]')},${entry('a', '[0]', '[0,0]')}}`), /twice/],
    [
      'a name twice, once escaped',
      file(`{${entry('a', '[0]', '[0,0]')},${entry('\\u0061', '[0]', '[0,0]')}}`),
      /twice/,
    ],
    ['a dtype twice', file('{"a":{"dtype":"U8","dtype":"F32","shape":[0],"data_offsets":[0,0]}}'), /twice/],
    ['deep nesting', file(`{"a":${'['.repeat(100_000)}`), /nested deeper/],
    ['metadata that is a list', file('{"__metadata__":[]}'), /__metadata__/],
    ['metadata with a number', file('{"__metadata__":{"a":1}}'), /must be a string/],
    ['an unknown dtype', file(`{${entry('a', '[0]', '[0,0]', 'F128')}}`), /"F128"/],
    ['a dtype from the prototype', file(`{${entry('a', '[0]', '[0,0]', 'toString')}}`), /"toString"/],
    ['an entry that is null', file('{"a":null}'), /must be an object/],
    ['an entry without shape', file('{"a":{"dtype":"U8","data_offsets":[0,0]}}'), /shape/],
    ['an entry without offsets', file('{"a":{"dtype":"U8","shape":[0]}}'), /data_offsets/],
    ['one offset', file(`{${entry('a', '[0]', '[0]')}}`), /1 numbers/],
    ['a negative dimension', file(`{${entry('a', '[-1]', '[0,0]')}}`), /axis 0/],
    ['a dimension of -0', file(`{${entry('a', '[-0]', '[0,0]')}}`), /axis 0/],
    ['a fractional dimension', file(`{${entry('a', '[1.5]', '[0,1]')}}`, 1), /axis 0/],
    ['a dimension of 1e999', file(`{${entry('a', '[1e999]', '[0,1]')}}`, 1), /axis 0/],
    ['a dimension of 2^53', file(`{${entry('a', '[9007199254740992]', '[0,1]')}}`, 1), /axis 0/],
    ['17 dimensions', file(`{${entry('a', `[${Array(17).fill(1)}]`, '[0,1]')}}`, 1), /17 dimensions/],
    ['a product over 2^53', file(`{${entry('a', '[4294967296,4294967296]', '[0,1]')}}`, 1), /2\^53/],
    ['a product over 2^53 times 0', file(`{${entry('a', '[4294967296,4294967296,0]', '[0,0]')}}`), /2\^53/],
    [
      'a byte count over 2^53',
      file(`{${entry('a', '[4503599627370496]', '[0,1]', 'F32')}}`, 1),
      /whole number of bytes/,
    ],
    ['three 4-bit entries', file(`{${entry('a', '[3]', '[0,1]', 'F4')}}`, 1), /whole number of bytes/],
    ['offsets that go back', file(`{${entry('a', '[1]', '[1,0]')}}`, 1), /spans -1/],
    ['a negative begin', file(`{${entry('a', '[1]', '[-1,0]')}}`, 1), /begin/],
    ['offsets beyond 2^53', file(`{${entry('a', '[1]', '[9007199254740992,9007199254740993]')}}`, 1), /begin/],
    ['offsets at 2^53 - 2', file(`{${entry('a', '[1]', '[9007199254740990,9007199254740991]')}}`, 1), /instead of 0/],
    ['a span that the shape does not have', file(`{${entry('a', '[3]', '[0,2]')}}`, 2), /spans 2 bytes/],
    ['a hole at the start', file(`{${entry('a', '[1]', '[1,2]')}}`, 2), /begins at 1 instead of 0/],
    ['a hole', file(`{${entry('a', '[1]', '[0,1]')},${entry('b', '[1]', '[2,3]')}}`, 3), /begins at 2 instead of 1/],
    [
      'an overlap',
      file(`{${entry('a', '[2]', '[0,2]')},${entry('b', '[2]', '[1,3]')}}`, 3),
      /begins at 1 instead of 2/,
    ],
    [
      'two tensors on the same bytes',
      file(`{${entry('a', '[1]', '[0,1]')},${entry('b', '[1]', '[0,1]')}}`, 1),
      /instead of 1/,
    ],
    ['data that ends early', file(`{${entry('a', '[2]', '[0,2]')}}`, 1), /ends at 2, but the file has 1 data/],
    ['a byte left over', file(`{${entry('a', '[2]', '[0,2]')}}`, 3), /need 2/],
    ['a lone surrogate in a name', file(`{${entry('\\ud800', '[0]', '[0,0]')}}`), /Unicode/],
  ])('%s', (_, bytes, reason) => {
    expect(() => readSafetensors(bytes)).toThrow(CorruptCheckpointError);
    expect(() => readSafetensors(bytes)).toThrow(reason);
  });
});

it('obeys the limits that the caller sets', () => {
  const two = file(`{${entry('a', '[0]', '[0,0]')},${entry('b', '[0]', '[0,0]')},"__metadata__":{}}`);
  expect(() => readSafetensors(two, { tensors: 2 })).not.toThrow();
  expect(() => readSafetensors(two, { tensors: 1 })).toThrow(/members/);
  const bare = file(`{${entry('a', '[0]', '[0,0]')},${entry('b', '[0]', '[0,0]')}}`);
  expect(() => readSafetensors(bare, { tensors: 1 })).toThrow(/has 2 tensors/);
  expect(() => readSafetensors(two, { headerBytes: two.length - 8 })).not.toThrow();
  expect(() => readSafetensors(two, { headerBytes: two.length - 9 })).toThrow(/over the limit/);
});

it('takes "__proto__" as the name of a tensor and pollutes nothing', () => {
  const { tensors, metadata } = readSafetensors(
    file(`{"__metadata__":{"__proto__":"x"},${entry('__proto__', '[1]', '[0,1]')}}`, 1),
  );
  expect([...tensors.keys(), ...metadata.keys()]).toEqual(['__proto__', '__proto__']);
  expect(({} as { shape?: unknown }).shape).toBeUndefined();
});

it('gives the tensors of a header with leading white space', () => {
  const { tensors } = readSafetensors(file(`  \n{${entry('a', '[2]', '[0,2]')}}  `, 2));
  expect(tensors.get('a')).toMatchObject({ dtype: 'U8', shape: [2], bytes: Uint8Array.of(0, 0) });
});

describe('says what a file of another format is and what reads it', () => {
  const bytes = (...parts: readonly (string | number)[]): Uint8Array =>
    Buffer.concat([
      ...parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))),
      Buffer.alloc(600),
    ]);
  it.each([
    ['HDF5', bytes(0x89, 'HDF\r\n', 0x1a, '\n'), /HDF5 file.*readKerasWeights/],
    ['Keras 3', bytes('PK', 3, 4, '\0'.repeat(26), 'metadata.json'), /\.keras.*readKerasWeights/],
    ['PyTorch', bytes('PK', 3, 4, '\0'.repeat(26), 'archive/data.pkl'), /PyTorch.*safetensors\.torch\.save_file/],
    ['NumPy, several', bytes('PK', 3, 4, '\0'.repeat(26), 'arr_0.npy'), /NumPy archive.*safetensors\.numpy/],
    ['zip', bytes('PK', 3, 4), /zip archive/],
    ['pickle', bytes(0x80, 4, 0x95), /pickle.*safetensors\.torch\.save_file/],
    ['gzip', bytes(0x1f, 0x8b, 8), /gzip archive.*Unpack/],
    ['PNG', bytes(0x89, 'PNG\r\n', 0x1a, '\n'), /PNG image/],
    ['JPEG', bytes(0xff, 0xd8, 0xff, 0xe0), /JPEG image/],
    [
      'model.json',
      Buffer.from('{"format":"layers-model","modelTopology":{}}'),
      /model\.json of TensorFlow\.js.*readLayersModel/,
    ],
    ['JSON', Buffer.from('\uFEFF{\n  "a": 1}'), /JSON text/],
    ['JSON array', Buffer.from('[1, 2, 3]'), /JSON text/],
    ['GGUF', bytes('GGUF', 3, 0, 0, 0), /GGUF/],
    ['ONNX', bytes(8, 7, 0x12, 7, 'pytorch'), /ONNX/],
    ['NumPy', bytes(0x93, 'NUMPY', 1, 0), /NumPy/],
    ['TFLite', bytes(0x1c, 0, 0, 0, 'TFL3'), /TensorFlow Lite/],
    ['web page', Buffer.from('<!DOCTYPE html><html>Not found</html>'), /web page/],
    ['LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0'), /Git LFS pointer/],
    ['tar', Buffer.concat([Buffer.from('name'), Buffer.alloc(253, 1), Buffer.from('ustar')]), /tar archive/],
  ])('%s', (_, file, message) => {
    expect(() => readSafetensors(file)).toThrow(message);
    expect(() => readSafetensors(file)).toThrow(CorruptCheckpointError);
    expect(() => readSafetensors(file)).not.toThrow(/claims/);
  });
});

it.each([undefined, null, 'text', [1, 2], {}])('refuses %j for the bytes of a file', bytes => {
  expect(() => readSafetensors(bytes as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});

it('refuses unknown limits and those that are no numbers', () => {
  expect(() => readSafetensors(file('{}'), { tensor: 5 } as never)).toThrow(/Did you mean "tensors"/);
  expect(() => readSafetensors(file('{}'), { tensors: '5' } as never)).toThrow(/Option "tensors"/);
});
