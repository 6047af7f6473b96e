import { describe, expect, it } from 'vitest';
import { editHeader, reseal } from '../../test/checkpoint/forge.js';
import { tinyCheckpoint } from '../../test/checkpoint/tiny-checkpoint.js';
import { CorruptCheckpointError } from '../errors/index.js';
import { decodeCheckpoint } from './decode.js';
import { denseSafetensors } from './dense/dense-safetensors.js';
import { encodeCheckpoint } from './encode.js';

const file = encodeCheckpoint(tinyCheckpoint());
/** A file whose header was edited and whose checksum was made right again. */
const forged = (edit: (text: string) => string): Uint8Array => reseal(editHeader(file, edit));
const swap = (from: string, to: string): Uint8Array =>
  forged(text => {
    expect(text).toContain(from);
    return text.replace(from, to);
  });

it('reads a file in the middle of a larger buffer', () => {
  const pool = Buffer.concat([Buffer.from([1]), file, Buffer.from([1])]);
  expect(decodeCheckpoint(pool.subarray(1, -1))).toEqual(tinyCheckpoint());
});

it('refuses a change of any single bit of the file', () => {
  for (let bit = 0; bit < file.length * 8; bit++) {
    const damaged = file.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => decodeCheckpoint(damaged), `bit ${bit}`).toThrow(CorruptCheckpointError);
  }
});

it('refuses every truncation of the file', () => {
  for (let length = 0; length < file.length; length++) {
    expect(() => decodeCheckpoint(file.subarray(0, length)), `${length} bytes`).toThrow(CorruptCheckpointError);
  }
});

it('says that a dense safetensors file is not a checkpoint', () => {
  expect(() => decodeCheckpoint(denseSafetensors(tinyCheckpoint()))).toThrow(/sound safetensors file.*no "format"/);
  expect(() => decodeCheckpoint(denseSafetensors(tinyCheckpoint(), { layout: 'pytorch' }))).toThrow(/the format "pt"/);
});

it('says that a newer version of the format needs a newer program, whatever its checksum', () => {
  const newer = editHeader(file, text => text.replace('espalier-checkpoint/1', 'espalier-checkpoint/2'));
  expect(() => decodeCheckpoint(newer)).toThrow(/format is version 2.*newer @espalier\/core/);
});

it('says that another program has rewritten a file whose checksum has moved', () => {
  const moved = editHeader(file, text => text.replace(/("checksum":"[0-9a-f]{8}"),("format":"[^"]*")/, '$2,$1'));
  expect(() => decodeCheckpoint(moved)).toThrow(/another program has rewritten/);
});

describe('refuses, although the checksum is right,', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['an unknown metadata entry', swap('"seed":"42"', '"seed":"42","extra":"1"'), /"extra" is not defined/],
    ['a missing metadata entry', swap('"seed":"42",', ''), /"seed" is missing/],
    ['a metadata entry that is not JSON', swap('"seed":"42"', '"seed":"forty"'), /"seed" is not valid JSON/],
    ['a number beyond doubles', swap('0.25,null', '1e999,null'), /state\.best\[0\] is Infinity/],
    ['a member twice in the state', swap('{\\"best\\":[', '{\\"best\\":1,\\"best\\":['), /names "best" twice/],
    ['deep nesting in the state', swap('[0.25,null]', '['.repeat(300) + ']'.repeat(300)), /nested deeper/],
    ['a clock in a text', swap('\\"step\\":7', '\\"step\\":\\"7\\"'), /clock\.step is "7"/],
    ['a weight twice', swap('\\"name\\":\\"scale\\"', '\\"name\\":\\"fc/bias\\"'), /"fc\/bias" is listed twice/],
    ['a weight without its values', swap('"scale.values"', '"scale.value"'), /"scale.values" is missing/],
    ['a shape that the values do not have', swap('\\"shape\\":[2]', '\\"shape\\":[3]'), /must be F32 \[3\]/],
    ['a shape that the mask does not have', swap('\\"shape\\":[3,2]', '\\"shape\\":[9,2]'), /must be U8 \[3\]/],
    ['a mask with a bit behind its end', swap('\\"shape\\":[3,2]', '\\"shape\\":[2,2]'), /bits set behind/],
    [
      'a mask on a dense weight',
      swap('\\"trainable\\":true,\\"masked\\":false', '\\"trainable\\":true,\\"masked\\":true'),
      /"fc\/bias.mask" is missing/,
    ],
    ['a mask that nothing uses', swap('\\"masked\\":true', '\\"masked\\":false'), /must be F32 \[3, 2\]/],
    ['a slot of an unknown weight', swap('\\"weight\\":\\"fc/kernel\\"', '\\"weight\\":\\"fc\\"'), /not a weight/],
    [
      'a slot left over',
      swap('"[{\\"weight\\":\\"fc/kernel\\",\\"slot\\":\\"accumulator\\",\\"initial\\":0.1}]"', '"[]"'),
      /accumulator.slot" belongs to nothing/,
    ],
    [
      'a snapshot twice',
      swap(
        '"[{\\"name\\":\\"start\\"',
        '"[{\\"name\\":\\"start\\",\\"position\\":0,\\"weights\\":[]},{\\"name\\":\\"start\\"',
      ),
      /"start" is listed twice/,
    ],
    [
      'a weight twice in a snapshot',
      swap('[\\"fc/bias\\"]', '[\\"fc/bias\\",\\"fc/bias\\"]'),
      /"start" lists a weight twice/,
    ],
    [
      'a shape that would take over 4 GiB of memory',
      swap('\\"shape\\":[2]', '\\"shape\\":[1073741824]'),
      /over the limit decodedBytes of 4294967296/,
    ],
    ['a snapshot before time 0', swap('\\"position\\":2', '\\"position\\":-2'), /position of snapshot "start" is -2/],
  ])('%s', (_, bytes, reason) => {
    expect(() => decodeCheckpoint(bytes)).toThrow(CorruptCheckpointError);
    expect(() => decodeCheckpoint(bytes)).toThrow(reason);
  });

  it('a mask that counts other active entries than there are values', () => {
    const bytes = file.slice();
    bytes[bytes.length - 1] = 0b111;
    // still three
    expect(decodeCheckpoint(reseal(bytes)).masks.get('fc/kernel')).toEqual(Uint8Array.of(1, 1, 1, 0, 0, 0));
    bytes[bytes.length - 1] = 0b11;
    expect(() => decodeCheckpoint(reseal(bytes))).toThrow(/"fc\/kernel.values" is F32 \[3\], but must be F32 \[2\]/);
  });
});

it('refuses to take more memory than the caller allows', () => {
  // weights 6 · 4 + 6 for the mask, 2 · 4, 1 · 4; slot 6 · 4; snapshot 2 · 4
  const needed = 30 + 8 + 4 + 24 + 8;
  expect(() => decodeCheckpoint(file, { decodedBytes: needed })).not.toThrow();
  expect(() => decodeCheckpoint(file, { decodedBytes: needed - 1 })).toThrow(/74 bytes of memory/);
});
