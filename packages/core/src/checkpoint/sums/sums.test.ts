import { describe, expect, it } from 'vitest';
import { editHeader, headerOf, reseal } from '../../../test/checkpoint/forge.js';
import { summedCheckpoint } from '../../../test/checkpoint/summed-checkpoint.js';
import { tinyCheckpoint } from '../../../test/checkpoint/tiny-checkpoint.js';
import { CorruptCheckpointError } from '../../errors/index.js';
import type { Checkpoint } from '../checkpoint.js';
import { decodeCheckpoint } from '../decode.js';
import { encodeCheckpoint } from '../encode.js';
import { stripCheckpoint } from '../strip.js';

describe('a checkpoint with sums of gradients', () => {
  const checkpoint = summedCheckpoint();
  const file = encodeCheckpoint(checkpoint);

  it('comes back as it was', () => {
    expect(decodeCheckpoint(file)).toEqual(checkpoint);
  });

  it('has the entry and the tensors that docs/checkpoint-format.md states, masked entries included', () => {
    const first = '{\\"kind\\":\\"gradient\\",\\"steps\\":3,\\"weights\\":[\\"fc/kernel\\"]}';
    const second = '{\\"kind\\":\\"gradientTimesWeight\\",\\"steps\\":1,\\"weights\\":[]}';
    expect(headerOf(file)).toContain(`]","sums":"[${first},${second}]"},"0:`); // the last entry
    expect(headerOf(file)).toContain('"0:fc/kernel.sum":{"dtype":"F32","shape":[3,2],');
  });

  it('counts what it decodes to against the limit', () => {
    // 74 bytes as without (decode.test.ts), the sum 6 · 4
    expect(() => decodeCheckpoint(file, { decodedBytes: 98 })).not.toThrow();
    expect(() => decodeCheckpoint(file, { decodedBytes: 97 })).toThrow(/98 bytes of memory/);
  });

  it('loses them with the slots, since they are of no use without', () => {
    expect('sums' in stripCheckpoint(checkpoint)).toBe(false);
    expect(stripCheckpoint(checkpoint, { slots: false }).sums).toBe(checkpoint.sums);
  });
});

it('a checkpoint without sums has no entry for them and the same bytes as before', () => {
  expect(headerOf(encodeCheckpoint(tinyCheckpoint()))).not.toContain('sums');
  const empty = encodeCheckpoint({ ...tinyCheckpoint(), sums: [] });
  expect(Buffer.compare(empty, encodeCheckpoint(tinyCheckpoint()))).toBe(0);
});

describe('refuses to write', () => {
  const [sum] = summedCheckpoint().sums!;
  const of = (name: string, values: Float32Array, shape = [3, 2]): object => ({
    ...sum,
    weights: new Map([[name, { shape, values }]]),
  });

  it.each<[string, readonly object[], RegExp]>([
    ['an unknown kind', [{ ...sum, kind: 'hessian' }], /sums\[0\].kind is "hessian", but must be one of gradient, /],
    ['a kind twice', [sum!, sum!], /sum "gradient" is listed twice/],
    ['a sum of no steps', [{ ...sum, steps: 0 }], /steps/],
    ['a sum of no weight', [of('other', new Float32Array(6))], /of "other", no weight/],
    ['a sum of another shape', [of('fc/kernel', new Float32Array(6), [2, 3])], /has shape \[2, 3\]/],
    ['a sum with too few values', [of('fc/kernel', new Float32Array(5))], /has 5 values/],
  ])('%s', (_, sums, reason) => {
    const checkpoint = { ...tinyCheckpoint(), sums } as Checkpoint;
    expect(() => encodeCheckpoint(checkpoint)).toThrow(CorruptCheckpointError);
    expect(() => encodeCheckpoint(checkpoint)).toThrow(reason);
  });
});

describe('refuses, although the checksum is right,', () => {
  const file = encodeCheckpoint(summedCheckpoint());
  it.each<[string, string, string, RegExp]>([
    ['a sum that is not listed', '[\\"fc/kernel\\"]}', '[]}', /"0:fc\/kernel.sum" belongs to nothing/],
    ['a weight twice', '[\\"fc/kernel\\"]}', '[\\"fc/kernel\\",\\"fc/kernel\\"]}', /lists a weight twice/],
    ['a missing sum', 'kernel.sum', 'kernel.some', /kernel.sum" is missing/],
    [
      'a sum of another weight',
      '\\"weights\\":[\\"fc/kernel\\"]}',
      '\\"weights\\":[\\"fc/bias\\"]}',
      /fc\/bias.sum" is missing/,
    ],
  ])('%s', (_, from, to, reason) => {
    const forged = editHeader(file, text => {
      expect(text).toContain(from);
      return text.replace(from, to);
    });
    expect(() => decodeCheckpoint(reseal(forged))).toThrow(CorruptCheckpointError);
    expect(() => decodeCheckpoint(reseal(forged))).toThrow(reason);
  });
});
