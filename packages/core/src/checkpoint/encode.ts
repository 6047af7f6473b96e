import { checkTensors } from './check-tensors.js';
import type { Checkpoint } from './checkpoint.js';
import { checkJsonText } from './json/parse-json.js';
import { blankChecksum, sealChecksum } from './manifest/checksum.js';
import { checkFormat, checkpointFormat } from './manifest/format.js';
import { checkManifest, type Manifest, manifestFields, optionalFields } from './manifest/manifest.js';
import { maskTensor, slotTensor, snapshotTensor, valuesTensor } from './manifest/tensor-entries.js';
import { denseSlots, reparameterizationEntry } from './reparameterization/reparameterization.js';
import { writeReparameterization } from './reparameterization/reparameterization-tensors.js';
import { requireCheckpoint } from './require-checkpoint.js';
import type { SafetensorsTensor } from './safetensors/tensor.js';
import { float32Tensor } from './safetensors/values.js';
import { writeSafetensors } from './safetensors/write-safetensors.js';
import { type SplitState, splitState } from './state/split-state.js';
import { stateEntries, writeStateArrays } from './state/state-tensors.js';
import { sumEntries, writeSums } from './sums/sum-tensors.js';
import { gatherActive } from './tensors/active-entries.js';
import { packMask } from './tensors/packed-mask.js';

/**
 * Bytes of a checkpoint: one safetensors file with bit-packed masks, the active values of masked weights, every other
 * weight, slots and snapshots, and a checksum over all of it. `docs/checkpoint-format.md` describes every byte.
 *
 * The same checkpoint always gives the same bytes. Values pass through bit for bit, NaN payloads, infinities and -0
 * among them; only -0 at a *masked* place becomes 0. Masks come back in the order of the weights.
 *
 * @param checkpoint - Not modified.
 * @returns A new array that shares no memory with the checkpoint.
 * @throws {@link CorruptCheckpointError} if the checkpoint contradicts itself: a masked entry that is not 0 (named with
 * its index), a mask byte other than 0 and 1, a wrong number of values, a slot or snapshot of an unknown weight or with
 * another shape, a slot off its initial value at a masked entry, anything that JSON cannot hold (NaN, `undefined`).
 *
 * @example
 * ```ts
 * import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '@espalier/core';
 *
 * const checkpoint: Checkpoint = {
 *   format: 'espalier-checkpoint/1',
 *   method: { name: 'magnitude', citation: 'Zhu & Gupta 2017', options: {} },
 *   clock: { step: 10, position: 10, round: 0 },
 *   state: null,
 *   phase: '',
 *   seed: 1,
 *   learningRate: null,
 *   masks: new Map([['fc/kernel', Uint8Array.of(1, 0)]]),
 *   weights: new Map([['fc/kernel', { shape: [2, 1], values: Float32Array.of(0.5, 0), trainable: true }]]),
 *   slots: [],
 *   optimizer: null,
 *   snapshots: new Map(),
 *   model: null,
 *   metadata: {},
 * };
 * const copy = decodeCheckpoint(encodeCheckpoint(checkpoint));
 * ```
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  requireCheckpoint(checkpoint);
  checkFormat(checkpoint.format);
  const state = splitState(checkpoint.state);
  const manifest = manifestOf(checkpoint, state);
  checkTensors(checkpoint);
  const metadata = new Map([
    ['checksum', blankChecksum],
    ['format', checkpointFormat],
  ]);
  const { reparameterization } = manifest;
  const texts = {
    ...manifest,
    ...(reparameterization ? { reparameterization: reparameterizationEntry(reparameterization) } : {}),
  };
  for (const field of manifestFields) {
    if (manifest[field] === undefined && optionalFields.has(field)) continue;
    const text = JSON.stringify(texts[field]);
    checkJsonText(text, `metadata entry "${field}"`);
    metadata.set(field, text);
  }
  const file = writeSafetensors(tensorsOf(checkpoint, manifest, state), metadata);
  sealChecksum(file);
  return file;
}

function manifestOf(checkpoint: Checkpoint, { plain, arrays }: SplitState): Manifest {
  const { weights, masks, slots, snapshots, reparameterization, sums = [] } = checkpoint;
  return checkManifest({
    ...checkpoint,
    state: plain,
    ...(arrays.length > 0 ? { stateArrays: stateEntries(arrays) } : {}),
    ...(reparameterization ? { reparameterization: reparameterizationEntry(reparameterization) } : {}),
    sums: sums.length > 0 ? sumEntries(sums) : undefined,
    weights: [...weights].map(([name, { shape, trainable }]) => ({ name, shape, trainable, masked: masks.has(name) })),
    slots,
    snapshots: [...snapshots].map(([name, snapshot]) => ({
      name,
      position: snapshot.position,
      weights: [...snapshot.weights.keys()],
    })),
  });
}

function tensorsOf(
  checkpoint: Checkpoint,
  manifest: Manifest,
  { arrays }: SplitState,
): ReadonlyMap<string, SafetensorsTensor> {
  const { reparameterization } = checkpoint;
  const tensors = new Map<string, SafetensorsTensor>();
  const add = (name: string, shape: readonly number[], values: Float32Array, mask: Uint8Array | undefined): void => {
    const active = mask ? gatherActive(values, mask) : values;
    tensors.set(name, float32Tensor(mask ? [active.length] : shape, active));
  };
  for (const [name, { shape, values }] of checkpoint.weights) {
    const mask = checkpoint.masks.get(name);
    if (mask) {
      const packed = packMask(mask);
      tensors.set(maskTensor(name), { dtype: 'U8', shape: [packed.length], bytes: packed });
    }
    add(valuesTensor(name), shape, values, mask);
  }
  const dense = denseSlots(reparameterization);
  checkpoint.slots.forEach(({ shape, values }, index) => {
    const entry = manifest.slots[index]!;
    add(
      slotTensor(index, entry),
      shape,
      values,
      dense.has(entry.weight) ? undefined : checkpoint.masks.get(entry.weight),
    );
  });
  if (reparameterization) {
    for (const [name, tensor] of writeReparameterization(reparameterization, checkpoint)) tensors.set(name, tensor);
  }
  [...checkpoint.snapshots.values()].forEach((snapshot, index) => {
    for (const [name, { shape, values }] of snapshot.weights)
      add(snapshotTensor(index, name), shape, values, undefined);
  });
  for (const [name, tensor] of writeSums(checkpoint.sums ?? [])) tensors.set(name, tensor);
  for (const [name, tensor] of writeStateArrays(arrays)) tensors.set(name, tensor);
  return tensors;
}
