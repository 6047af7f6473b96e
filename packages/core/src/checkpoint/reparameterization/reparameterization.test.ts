import { describe, expect, it } from 'vitest';
import { editHeader, headerOf, reseal } from '../../../test/checkpoint/forge.js';
import { reparameterizedCheckpoint } from '../../../test/checkpoint/reparameterized-checkpoint.js';
import { tinyCheckpoint } from '../../../test/checkpoint/tiny-checkpoint.js';
import { CorruptCheckpointError } from '../../errors/index.js';
import { checkpointSparsity } from '../accounting.js';
import type { Checkpoint } from '../checkpoint.js';
import { decodeCheckpoint } from '../decode.js';
import { encodeCheckpoint } from '../encode.js';
import { stripCheckpoint } from '../strip.js';
import type { StoredParameter } from './stored-reparameterization.js';

const modes = ['raw', 'effective'] as const;

describe.each(modes)('a checkpoint whose masks act on %s weights', masking => {
  const checkpoint = reparameterizedCheckpoint(masking);

  it('comes back as it was', () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
  });

  it('has the entry and the tensors that docs/checkpoint-format.md states', () => {
    const header = headerOf(encodeCheckpoint(checkpoint));
    const list = `{\\"masking\\":\\"${masking}\\",\\"raw\\":[\\"fc/kernel\\"],\\"parameters\\":[{\\"weight\\":\\"fc/kernel\\",\\"name\\":\\"threshold\\",\\"slots\\":[\\"accumulator\\"]}]}`;
    expect(header).toContain(`]","reparameterization":"${list}"},"0:`); // after snapshots, the last entry
    const raw = masking === 'raw' ? '[3]' : '[3,2]';
    expect(header).toContain(`"fc/kernel.raw":{"dtype":"F32","shape":${raw},`);
    expect(header).toContain(`"0:fc/kernel/accumulator.slot":{"dtype":"F32","shape":${raw},`);
    expect(header).toContain('"0:fc/kernel/threshold.parameter":{"dtype":"F32","shape":[2],');
  });

  it('counts what it decodes to against the limit', () => {
    const file = encodeCheckpoint(checkpoint);
    // 74 bytes as without (decode.test.ts), raw weight 6 · 4, parameter and its slot 2 · 4
    expect(() => decodeCheckpoint(file, { decodedBytes: 106 })).not.toThrow();
    expect(() => decodeCheckpoint(file, { decodedBytes: 105 })).toThrow(/106 bytes of memory/);
  });

  it('counts zeros that no mask has yet as pruned, before and after it is stripped', () => {
    checkpoint.weights.get('fc/kernel')!.values[4] = 0; // active, but 0
    const expected = { name: 'fc/kernel', shape: [3, 2], size: 6, active: 2, nonzero: 2, sparsity: 4 / 6 };
    expect(checkpointSparsity(checkpoint).perLayer).toEqual([expected]);
    const stripped = stripCheckpoint(checkpoint);
    expect(checkpointSparsity(stripped).perLayer).toEqual([expected]);
    expect(stripped.masks.get('fc/kernel')).toEqual(Uint8Array.of(0, 1, 1, 0, 0, 0));
    expect('reparameterization' in stripped).toBe(false);
    expect(stripCheckpoint(checkpoint, { slots: false }).reparameterization).toBe(checkpoint.reparameterization);
    expect(decodeCheckpoint(encodeCheckpoint(stripped))).toEqual(stripped);
  });
});

describe('a parameter per weight', () => {
  const base = reparameterizedCheckpoint('effective');
  const [scalar] = base.reparameterization!.parameters;
  const scores: StoredParameter = {
    weight: 'fc/kernel',
    name: 'scores',
    perWeight: true,
    slots: ['accumulator'],
    values: Float32Array.of(1, Number.NaN, -0, 4, Infinity, 6, 7, 8, 9, 10, 11, 12),
  };
  const checkpoint: Checkpoint = {
    ...base,
    reparameterization: { ...base.reparameterization!, parameters: [scalar!, scores] },
  };
  const changed = (change: object): Checkpoint => ({
    ...checkpoint,
    reparameterization: { ...base.reparameterization!, parameters: [{ ...scores, ...change }] },
  });

  it('comes back bit for bit, as a tensor with a row for its value and one for each slot', () => {
    const bytes = encodeCheckpoint(checkpoint);
    expect(decodeCheckpoint(bytes)).toEqual(checkpoint);
    const header = headerOf(bytes);
    expect(header).toContain('"1:fc/kernel/scores.parameter":{"dtype":"F32","shape":[2,6],');
    expect(header).toContain(
      '{\\"weight\\":\\"fc/kernel\\",\\"name\\":\\"scores\\",\\"perWeight\\":true,\\"slots\\":[\\"accumulator\\"]}',
    );
  });

  it('counts against the limit on memory before anything is decoded', () => {
    const file = encodeCheckpoint(checkpoint);
    // 106 bytes as without, 6 numbers and 6 of the slot
    expect(() => decodeCheckpoint(file, { decodedBytes: 106 + 48 })).not.toThrow();
    expect(() => decodeCheckpoint(file, { decodedBytes: 106 + 47 })).toThrow(/154 bytes of memory/);
  });

  it('must have as many numbers as its weight, for its value and each slot', () => {
    expect(() => encodeCheckpoint(changed({ values: Float32Array.of(1, 2) }))).toThrow(/has 2 values, not 12/);
    expect(() => encodeCheckpoint(changed({ slots: [] }))).toThrow(/has 12 values, not 6/);
  });

  it('says so by "perWeight": true alone', () => {
    expect(() => encodeCheckpoint(changed({ perWeight: 'yes' }))).toThrow(
      /"perWeight" of the parameter .* is not true/,
    );
    const forged = editHeader(encodeCheckpoint(checkpoint), text =>
      text.replace('perWeight\\":true', 'perWeight\\":null'),
    );
    expect(() => decodeCheckpoint(reseal(forged))).toThrow(/is not true/);
    const without = editHeader(encodeCheckpoint(checkpoint), text => text.replace('\\"perWeight\\":true,', ''));
    expect(() => decodeCheckpoint(reseal(without))).toThrow(/must be F32 \[2\]/);
  });
});

it('a file without a reparameterization has no entry for it, as before', () => {
  expect(headerOf(encodeCheckpoint(tinyCheckpoint()))).not.toContain('reparameterization');
});

describe('refuses to write', () => {
  const stored = reparameterizedCheckpoint('raw').reparameterization!;
  const parameter = stored.parameters[0]!;
  const raw = (name: string, values: Float32Array, shape = [3, 2]): object => ({
    reparameterization: { ...stored, raw: new Map([[name, { shape, values }]]), parameters: [] },
  });
  const parameters = (...list: object[]): object => ({ reparameterization: { ...stored, parameters: list } });

  it.each<[string, object, RegExp]>([
    ['an unknown masking', { reparameterization: { ...stored, masking: 'none' } }, /neither "raw" nor "effective"/],
    ['a raw weight of no weight', raw('other', new Float32Array(6)), /"other" belongs to no weight/],
    ['a raw weight of another shape', raw('fc/kernel', new Float32Array(6), [2, 3]), /has shape \[2, 3\]/],
    ['a raw weight with too few values', raw('fc/kernel', new Float32Array(5)), /has 5 values/],
    ['a raw weight at a masked entry', raw('fc/kernel', Float32Array.of(0, 1, 1, 2, 1, 0)), /is 2 at masked entry 3/],
    ['a parameter of a weight without raw one', parameters({ ...parameter, weight: 'fc/bias' }), /has no raw weight/],
    ['a parameter twice', parameters(parameter, parameter), /parameter .*threshold.* is listed twice/],
    ['a slot of a parameter twice', parameters({ ...parameter, slots: ['m', 'm'] }), /"m" is listed twice/],
    ['a parameter without its slot', parameters({ ...parameter, values: Float32Array.of(1) }), /has 1 values, not 2/],
    ['a parameter that is no array', parameters({ ...parameter, values: [1, 2] }), /not a Float32Array/],
  ])('%s', (_, change, reason) => {
    const checkpoint = { ...reparameterizedCheckpoint('raw'), ...change } as Checkpoint;
    expect(() => encodeCheckpoint(checkpoint)).toThrow(CorruptCheckpointError);
    expect(() => encodeCheckpoint(checkpoint)).toThrow(reason);
  });
});

describe('refuses, although the checksum is right,', () => {
  const file = encodeCheckpoint(reparameterizedCheckpoint('raw'));
  it.each<[string, string, string, RegExp]>([
    ['another masking', '\\"masking\\":\\"raw\\"', '\\"masking\\":\\"effective\\"', /must be F32 \[3, 2\]/],
    ['an entry that is not JSON', '"reparameterization":"{', '"reparameterization":"[', /is not valid JSON/],
    ['a raw weight twice', '[\\"fc/kernel\\"],\\"par', '[\\"fc/kernel\\",\\"fc/kernel\\"],\\"par', /listed twice/],
    ['a raw weight that is not listed', '\\"raw\\":[\\"fc/kernel\\"]', '\\"raw\\":[]', /has no raw weight/],
    ['a parameter that is not listed', '\\"slots\\":[\\"accumulator\\"]', '\\"slots\\":[]', /must be F32 \[1\]/],
    ['a missing parameter', 'threshold.parameter', 'threshold.other', /threshold.parameter" is missing/],
  ])('%s', (_, from, to, reason) => {
    const forged = editHeader(file, text => {
      expect(text).toContain(from);
      return text.replace(from, to);
    });
    expect(() => decodeCheckpoint(reseal(forged))).toThrow(CorruptCheckpointError);
    expect(() => decodeCheckpoint(reseal(forged))).toThrow(reason);
  });
});
