import { expect, it } from 'vitest';
import { tinyCheckpoint } from '../../test/checkpoint/tiny-checkpoint.js';
import { checkpointBytes, checkpointSparsity } from './accounting.js';
import { denseSafetensors } from './dense/dense-safetensors.js';
import { encodeCheckpoint } from './encode.js';
import { stripCheckpoint } from './strip.js';

/** Bytes of a file behind its header. */
const dataBytes = (file: Uint8Array): number =>
  file.length - 8 - Number(new DataView(file.buffer).getBigUint64(0, true));

it('counts masked entries against prunable entries, all entries, and per layer', () => {
  const checkpoint = tinyCheckpoint();
  checkpoint.weights.get('fc/kernel')!.values[4] = 0; // active, but 0
  // 3 of 6 prunable entries are masked; 6 + 2 + 1 entries in all
  expect(checkpointSparsity(checkpoint)).toEqual({
    prunable: 0.5,
    all: 3 / 9,
    perLayer: [{ name: 'fc/kernel', shape: [3, 2], size: 6, active: 3, nonzero: 2, sparsity: 0.5 }],
  });
});

it('gives 0, not NaN, where there is nothing to prune', () => {
  const empty = { ...tinyCheckpoint(), masks: new Map(), weights: new Map(), slots: [], snapshots: new Map() };
  expect(checkpointSparsity(empty)).toEqual({ prunable: 0, all: 0, perLayer: [] });
  const weights = new Map([['a', { shape: [0], values: new Float32Array(), trainable: true }]]);
  expect(
    checkpointSparsity({ ...empty, weights, masks: new Map([['a', new Uint8Array()]]) }).perLayer[0]?.sparsity,
  ).toBe(0);
});

it('states the bytes that the two files really hold', () => {
  const checkpoint = tinyCheckpoint();
  // dense 4 · 9; sparse 1 byte of mask, 3 + 2 + 1 values
  expect(checkpointBytes(checkpoint)).toEqual({ dense: 36, sparse: 25 });
  expect(dataBytes(denseSafetensors(checkpoint))).toBe(36);
  expect(dataBytes(encodeCheckpoint(stripCheckpoint(checkpoint)))).toBe(25);
});

it('strips what it is told to, and everything by default', () => {
  const checkpoint = tinyCheckpoint();
  const bare = { slots: [], optimizer: null };
  expect(stripCheckpoint(checkpoint)).toEqual({ ...checkpoint, ...bare, snapshots: new Map() });
  expect(stripCheckpoint(checkpoint, { snapshots: false })).toEqual({ ...checkpoint, ...bare });
  expect(stripCheckpoint(checkpoint, { slots: false })).toEqual({ ...checkpoint, snapshots: new Map() });
  expect(stripCheckpoint(checkpoint, { slots: false, snapshots: false })).toEqual(checkpoint);
});
