import { describe, expect, it } from 'vitest';
import { tinyCheckpoint } from '../../test/checkpoint/tiny-checkpoint.js';
import { CorruptCheckpointError } from '../errors/index.js';
import type { Checkpoint } from './checkpoint.js';
import { decodeCheckpoint } from './decode.js';
import { denseSafetensors } from './dense/dense-safetensors.js';
import { encodeCheckpoint } from './encode.js';

const header =
  '{"__metadata__":{"checksum":"CHECKSUM","format":"espalier-checkpoint/1",' +
  '"method":"{\\"name\\":\\"magnitude\\",\\"citation\\":\\"Zhu & Gupta 2017, arXiv:1710.01878\\",\\"options\\":{\\"sparsity\\":0.5}}",' +
  '"clock":"{\\"step\\":7,\\"position\\":5,\\"round\\":1}","state":"{\\"best\\":[0.25,null]}","phase":"\\"prune\\"","seed":"42",' +
  '"learningRate":"{\\"start\\":5,\\"segments\\":[{\\"shape\\":\\"constant\\",\\"length\\":3,\\"value\\":0.1}]}",' +
  '"optimizer":"{\\"className\\":\\"Adagrad\\",\\"iterations\\":7,\\"powers\\":[]}",' +
  '"model":"{\\"class_name\\":\\"Sequential\\"}","metadata":"{\\"note\\":\\"é\\"}",' +
  '"weights":"[{\\"name\\":\\"fc/kernel\\",\\"shape\\":[3,2],\\"trainable\\":true,\\"masked\\":true},' +
  '{\\"name\\":\\"fc/bias\\",\\"shape\\":[2],\\"trainable\\":true,\\"masked\\":false},' +
  '{\\"name\\":\\"scale\\",\\"shape\\":[],\\"trainable\\":false,\\"masked\\":false}]",' +
  '"slots":"[{\\"weight\\":\\"fc/kernel\\",\\"slot\\":\\"accumulator\\",\\"initial\\":0.1}]",' +
  '"snapshots":"[{\\"name\\":\\"start\\",\\"position\\":2,\\"weights\\":[\\"fc/bias\\"]}]"},' +
  '"0:fc/bias.snapshot":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
  '"0:fc/kernel/accumulator.slot":{"dtype":"F32","shape":[3],"data_offsets":[8,20]},' +
  '"fc/bias.values":{"dtype":"F32","shape":[2],"data_offsets":[20,28]},' +
  '"fc/kernel.values":{"dtype":"F32","shape":[3],"data_offsets":[28,40]},' +
  '"scale.values":{"dtype":"F32","shape":[],"data_offsets":[40,44]},' +
  '"fc/kernel.mask":{"dtype":"U8","shape":[1],"data_offsets":[44,45]}}';

// little-endian floats: -1 0 | 4 5 6 | 1 2 | 1.5 -2 0.5 | 3; mask bits 1, 2 and 4 → 2 + 4 + 16 = 0x16
const data =
  '000080bf00000000' + '000080400000a0400000c040' + '0000803f00000040' + '0000c03f000000c00000003f' + '00004040' + '16';

it('lays out every byte as docs/checkpoint-format.md says', () => {
  const file = encodeCheckpoint(tinyCheckpoint());
  const headerBytes = Math.ceil(Buffer.byteLength(header) / 8) * 8;
  expect(new DataView(file.buffer).getBigUint64(0, true)).toBe(BigInt(headerBytes));
  const text = Buffer.from(file.subarray(8, 8 + headerBytes)).toString();
  // the checksum by the bitwise definition of CRC-32, over the file with eight zeros in its place
  const blanked = Buffer.from(file);
  blanked.write('00000000', 37);
  let crc = 0xffffffff;
  for (const byte of blanked) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const checksum = (~crc >>> 0).toString(16).padStart(8, '0');
  expect(text.trimEnd()).toBe(header.replace('CHECKSUM', checksum));
  expect(Buffer.from(file.subarray(8 + headerBytes)).toString('hex')).toBe(data);
});

it('stores 0 for -0 at a masked place', () => {
  const checkpoint = tinyCheckpoint();
  checkpoint.weights.get('fc/kernel')!.values[0] = -0;
  expect(encodeCheckpoint(checkpoint)).toEqual(encodeCheckpoint(tinyCheckpoint()));
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint)).weights.get('fc/kernel')?.values[0]).toBe(0);
});

it('reads arrays that are windows of larger buffers', () => {
  const framed = (values: Float32Array): Float32Array => Float32Array.of(7, 8, ...values, 9).subarray(2, -1);
  const { weights, slots, ...rest } = tinyCheckpoint();
  const checkpoint: Checkpoint = {
    ...rest,
    weights: new Map([...weights].map(([name, weight]) => [name, { ...weight, values: framed(weight.values) }])),
    slots: slots.map(slot => ({ ...slot, values: framed(slot.values) })),
  };
  expect(encodeCheckpoint(checkpoint)).toEqual(encodeCheckpoint(tinyCheckpoint()));
  for (const layout of ['tfjs', 'pytorch'] as const) {
    expect(denseSafetensors(checkpoint, { layout })).toEqual(denseSafetensors(tinyCheckpoint(), { layout }));
  }
});

it('keeps a mask without any active entry', () => {
  const checkpoint = { ...tinyCheckpoint(), masks: new Map([['fc/kernel', new Uint8Array(6)]]), slots: [] };
  checkpoint.weights.get('fc/kernel')!.values.fill(0);
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint)).masks.get('fc/kernel')).toEqual(new Uint8Array(6));
});

describe('refuses to write', () => {
  const kernel = tinyCheckpoint().weights.get('fc/kernel')!;
  const bias = tinyCheckpoint().weights.get('fc/bias')!;
  const slot = tinyCheckpoint().slots[0]!;
  const snapshot = (name: string, shape: number[]): Checkpoint['snapshots'] =>
    new Map([['start', { position: 0, weights: new Map([[name, { shape, values: new Float32Array(2) }]]) }]]);
  const withKernel = (values: Float32Array): Partial<Checkpoint> => ({
    weights: new Map([...tinyCheckpoint().weights, ['fc/kernel', { ...kernel, values }]]),
  });

  it.each<[string, object, RegExp]>([
    [
      'a weight at a masked entry',
      withKernel(Float32Array.of(0, 1, 1, 9, 1, 0)),
      /"fc\/kernel" is 9 at masked entry 3/,
    ],
    ['NaN at a masked entry', withKernel(Float32Array.of(0, 1, 1, 0, 1, Number.NaN)), /NaN at masked entry 5/],
    ['too few values', withKernel(new Float32Array(5)), /has 5 values/],
    ['values in doubles', withKernel(new Float64Array(6) as unknown as Float32Array), /not a Float32Array/],
    ['a mask of the wrong length', { masks: new Map([['fc/kernel', new Uint8Array(5)]]) }, /has 5 entries/],
    ['a mask byte of 2', { masks: new Map([['fc/bias', Uint8Array.of(1, 2)]]) }, /"fc\/bias" is 2 at entry 1/],
    ['a mask of booleans', { masks: new Map([['fc/bias', [true, true]]]) }, /not a Uint8Array/],
    ['a mask of an unknown weight', { masks: new Map([['gone', new Uint8Array(1)]]) }, /"gone" belongs to no weight/],
    ['a slot of an unknown weight', { slots: [{ ...slot, weight: 'gone' }] }, /"gone", which is not a weight/],
    ['a slot of another shape', { slots: [{ ...slot, shape: [2, 3] }] }, /shape \[2, 3\]/],
    ['a slot off its initial value', { slots: [{ ...slot, initial: 0 }] }, /masked entry 0, but must be its initial 0/],
    ['a slot twice', { slots: [slot, slot] }, /listed twice/],
    ['an initial value of NaN', { slots: [{ ...slot, initial: Number.NaN }] }, /finite/],
    ['an initial value beyond 32 bits', { slots: [{ ...slot, initial: 1e300 }] }, /32 bits/],
    ['a snapshot of an unknown weight', { snapshots: snapshot('gone', [2]) }, /"gone", which is not a weight/],
    ['a snapshot of another shape', { snapshots: snapshot('fc/bias', [1, 2]) }, /shape \[1, 2\]/],
    ['a negative clock', { clock: { step: -1, position: 0, round: 0 } }, /clock\.step is -1/],
    ['a fractional clock', { clock: { step: 0, position: 0.5, round: 0 } }, /clock\.position is 0\.5/],
    ['NaN in the state', { state: { loss: Number.NaN } }, /state\.loss is NaN/],
    ['a state that the reader would refuse', { state: Array(2_000_001).fill(0) }, /"state" holds over 2000000 values/],
    ['undefined in the model', { model: { name: undefined } }, /model\.name is undefined/],
    ['no model', { model: undefined }, /model is undefined/],
    ['metadata that is a list', { metadata: [] }, /metadata is an array/],
    ['an infinite seed', { seed: Number.POSITIVE_INFINITY }, /seed is Infinity/],
    [
      'a segment of no steps',
      { learningRate: { start: 0, segments: [{ shape: 'constant', length: 0, value: 1 }] } },
      /segments\[0\]\.length is 0/,
    ],
    ['a plan without segments', { learningRate: { start: 0, segments: [] } }, /segments are empty/],
    [
      'a negative rate',
      { learningRate: { start: 0, segments: [{ shape: 'values', values: [1, -1] }] } },
      /values\[1\] is -1/,
    ],
    ['an unknown segment', { learningRate: { start: 0, segments: [{ shape: 'cubic' }] } }, /"cubic"/],
    [
      'a fractional β power of NaN',
      { optimizer: { className: 'Adam', iterations: 1, powers: [Number.NaN] } },
      /powers\[0\]/,
    ],
    [
      'a lone surrogate in a name',
      { weights: new Map([['\ud800', bias]]), masks: new Map(), slots: [], snapshots: new Map() },
      /Unicode/,
    ],
    ['17 dimensions', { weights: new Map([['a', { ...bias, shape: Array(17).fill(1) }]]) }, /17 dimensions/],
    ['another format', { format: 'espalier-checkpoint/2' }, /version 2/],
  ])('%s', (_, change, reason) => {
    const checkpoint = { ...tinyCheckpoint(), ...change } as Checkpoint;
    expect(() => encodeCheckpoint(checkpoint)).toThrow(CorruptCheckpointError);
    expect(() => encodeCheckpoint(checkpoint)).toThrow(reason);
  });
});
