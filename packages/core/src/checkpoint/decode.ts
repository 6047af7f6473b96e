import { checkOptions } from '../options/check-options.js';
import { requireBytes } from './check-bytes.js';
import type { Checkpoint, Snapshot, StoredSlot, StoredTensor, StoredWeight } from './checkpoint.js';
import { fail, failOver, quote } from './fail.js';
import { parseJson } from './json/parse-json.js';
import { type CheckpointLimits, checkpointLimitRules, maximumDecodedBytes } from './limits.js';
import { verifyChecksum } from './manifest/checksum.js';
import { checkFormat, checkpointFormat } from './manifest/format.js';
import { checkManifest, type Manifest, manifestFields, optionalFields } from './manifest/manifest.js';
import { maskTensor, slotTensor, snapshotTensor, valuesTensor } from './manifest/tensor-entries.js';
import { denseSlots } from './reparameterization/reparameterization.js';
import { readReparameterization } from './reparameterization/reparameterization-tensors.js';
import { type FileBytes, heldBytes } from './safetensors/file-bytes.js';
import { safetensorsIn } from './safetensors/read-safetensors.js';
import { sizeOf } from './shape.js';
import { joinState } from './state/split-state.js';
import { readStateArrays, stateArrayBytes } from './state/state-tensors.js';
import { readSums } from './sums/sum-tensors.js';
import { countActive, scatterActive } from './tensors/active-entries.js';
import { unpackMask } from './tensors/packed-mask.js';
import { TensorReader } from './tensors/tensor-reader.js';

/**
 * The checkpoint in a file that {@link encodeCheckpoint} made, checked completely: format version, checksum, the rules
 * of safetensors, and that masks, weights, slots and snapshots agree with each other. What it returns could be encoded
 * again; masked entries are exactly 0 because the file does not even hold them.
 *
 * @param bytes - The whole file. Not modified, and not shared with the result.
 * @param limits - Caps against hostile files, see {@link CheckpointLimits}.
 * @throws {@link CorruptCheckpointError} if anything is wrong with the file, saying what and where.
 * @throws {@link InvalidOptionError} if `bytes` is no view of bytes or a limit is not a number above 0, and
 *   {@link UnknownOptionError} if there is another limit.
 *
 * @example
 * ```ts
 * import { decodeCheckpoint } from '@espalier/core';
 *
 * const response = await fetch('https://example.com/lenet-90.safetensors');
 * const checkpoint = decodeCheckpoint(new Uint8Array(await response.arrayBuffer()), { decodedBytes: 100_000_000 });
 * console.log(checkpoint.method.name, checkpoint.clock.step);
 * ```
 */
export function decodeCheckpoint(bytes: Uint8Array, limits: CheckpointLimits = {}): Checkpoint {
  requireBytes('bytes', bytes);
  return checkpointIn(heldBytes(bytes), limits);
}

/** The same for a file that need not be in memory: of its tensors one at a time is. */
export function checkpointIn(file: FileBytes, limits: CheckpointLimits): Checkpoint {
  checkOptions<CheckpointLimits>(limits, checkpointLimitRules);
  const { decodedBytes = maximumDecodedBytes, ...ofFile } = limits;
  const { tensors, metadata } = safetensorsIn(file, ofFile);
  checkFormat(metadata.get('format'));
  verifyChecksum(file, metadata.get('checksum'));
  const manifest = readManifest(metadata);
  checkDecodedBytes(manifest, decodedBytes);
  const reader = new TensorReader(tensors);
  const masks = readMasks(manifest, reader);
  const weights = readWeights(manifest, masks, reader);
  const slots = readSlots(manifest, masks, weights, reader);
  const snapshots = readSnapshots(manifest, weights, reader);
  const beneath =
    manifest.reparameterization && readReparameterization(manifest.reparameterization, masks, weights, reader);
  const sums = manifest.sums && readSums(manifest.sums, weights, reader);
  const state = joinState(manifest.state, readStateArrays(manifest.stateArrays ?? [], reader));
  reader.expectEmpty();
  const { method, clock, phase, seed, learningRate, optimizer, model, metadata: callerData } = manifest;
  return {
    format: checkpointFormat,
    method,
    clock,
    state,
    phase,
    seed,
    learningRate,
    masks,
    weights,
    slots,
    optimizer,
    snapshots,
    model,
    ...(beneath ? { reparameterization: beneath } : {}),
    ...(sums ? { sums } : {}),
    metadata: callerData,
  };
}

function readManifest(metadata: ReadonlyMap<string, string>): Manifest {
  const fields = new Map<string, unknown>();
  for (const [key, text] of metadata) {
    if (key === 'format' || key === 'checksum') continue;
    if (!(manifestFields as readonly string[]).includes(key)) fail(`The metadata entry ${quote(key)} is not defined.`);
    fields.set(key, parseJson(text, `metadata entry ${quote(key)}`));
  }
  for (const field of manifestFields) {
    if (!fields.has(field) && !optionalFields.has(field)) fail(`The metadata entry ${quote(field)} is missing.`);
  }
  return checkManifest(Object.fromEntries(fields));
}

function checkDecodedBytes(manifest: Manifest, maximum: number): void {
  const { weights, slots, snapshots, reparameterization, stateArrays = [], sums = [] } = manifest;
  const sizes = new Map(weights.map(({ name, shape }) => [name, sizeOf(shape, `shape of ${quote(name)}`)]));
  let bytes = stateArrayBytes(stateArrays);
  for (const { name, masked } of weights) bytes += sizes.get(name)! * (masked ? 5 : 4);
  for (const { weight } of slots) bytes += sizes.get(weight)! * 4;
  for (const snapshot of snapshots) for (const weight of snapshot.weights) bytes += sizes.get(weight)! * 4;
  for (const sum of sums) for (const weight of sum.weights) bytes += sizes.get(weight)! * 4;
  for (const weight of reparameterization?.raw ?? []) bytes += sizes.get(weight)! * 4;
  for (const { weight, perWeight, slots } of reparameterization?.parameters ?? []) {
    bytes += 4 * (1 + slots.length) * (perWeight ? sizes.get(weight)! : 1);
  }
  if (bytes > maximum) {
    failOver('decodedBytes', `It would take ${bytes} bytes of memory, over the limit decodedBytes of ${maximum}.`);
  }
}

type Masks = ReadonlyMap<string, Uint8Array>;
type Weights = ReadonlyMap<string, StoredWeight>;

function readMasks({ weights }: Manifest, reader: TensorReader): Masks {
  const masks = new Map<string, Uint8Array>();
  for (const { name, shape, masked } of weights) {
    if (!masked) continue;
    const size = sizeOf(shape, `shape of ${quote(name)}`);
    masks.set(name, unpackMask(reader.takeMask(maskTensor(name), size), size));
  }
  return masks;
}

function readTensor(
  name: string,
  shape: readonly number[],
  mask: Uint8Array | undefined,
  fill: number,
  reader: TensorReader,
): StoredTensor {
  if (!mask) return { shape, values: reader.takeValues(name, shape) };
  const active = reader.takeValues(name, [countActive(mask)]);
  return { shape, values: active.length === mask.length ? active : scatterActive(active, mask, fill) };
}

function readWeights(manifest: Manifest, masks: Masks, reader: TensorReader): Weights {
  return new Map(
    manifest.weights.map(({ name, shape, trainable }) => [
      name,
      { ...readTensor(valuesTensor(name), shape, masks.get(name), 0, reader), trainable },
    ]),
  );
}

function readSlots(manifest: Manifest, masks: Masks, weights: Weights, reader: TensorReader): readonly StoredSlot[] {
  const dense = denseSlots(manifest.reparameterization);
  return manifest.slots.map((entry, index) => {
    const shape = weights.get(entry.weight)!.shape;
    const mask = dense.has(entry.weight) ? undefined : masks.get(entry.weight);
    return { ...entry, ...readTensor(slotTensor(index, entry), shape, mask, entry.initial, reader) };
  });
}

function readSnapshots(manifest: Manifest, weights: Weights, reader: TensorReader): ReadonlyMap<string, Snapshot> {
  return new Map(
    manifest.snapshots.map(({ name, position, weights: names }, index) => {
      const read = (weight: string): [string, StoredTensor] => [
        weight,
        readTensor(snapshotTensor(index, weight), weights.get(weight)!.shape, undefined, 0, reader),
      ];
      return [name, { position, weights: new Map(names.map(read)) }];
    }),
  );
}
