import { float32Tensor, float32Values, type SafetensorsTensor, typedValues, writeSafetensors } from '@espalier/core';
import { describe, expect, it } from 'vitest';

const tensor = { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) } as const;
const wrong: readonly [string, unknown, string, RegExp][] = [
  ['null', null, 'INVALID_OPTION', /\{ dtype, shape, bytes \}/],
  ['an unknown element type', { ...tensor, dtype: 'F99' }, 'INVALID_OPTION', /"F99"/],
  ['a name of Object.prototype', { ...tensor, dtype: 'constructor' }, 'INVALID_OPTION', /"constructor"/],
  ['bytes in an array', { ...tensor, bytes: [0, 0, 0, 0] }, 'INVALID_OPTION', /Uint8Array/],
  ['a shape in a text', { ...tensor, shape: '1' }, 'CORRUPT_CHECKPOINT', /shape/],
  ['a negative shape', { ...tensor, shape: [-1] }, 'CORRUPT_CHECKPOINT', /-1/],
  ['too few bytes', { ...tensor, bytes: new Uint8Array(3) }, 'SHAPE_MISMATCH', /\[3\].*\[4\]/],
  [
    'half a byte',
    { dtype: 'F4', shape: [3], bytes: new Uint8Array(2) },
    'CORRUPT_CHECKPOINT',
    /no whole number of bytes/,
  ],
];

describe.each(wrong)('a tensor that is or has %s', (_, value, code, message) => {
  const given = value as SafetensorsTensor;
  const refused = expect.objectContaining({ code, message: expect.stringMatching(message) });

  it('is refused with a code, and with what is wrong', () => {
    expect(() => writeSafetensors(new Map([['w', given]]))).toThrow(refused);
    expect(() => float32Values(given)).toThrow(refused);
    expect(() => typedValues(given)).toThrow(refused);
  });
});

it('a shape that is none is refused with a code', () => {
  for (const shape of ['2', [-1], [0.5], null, undefined])
    expect(() => float32Tensor(shape as number[], Float32Array.of(1))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_CHECKPOINT' }),
    );
});
