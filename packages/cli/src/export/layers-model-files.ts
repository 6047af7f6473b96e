import { type Checkpoint, CheckpointMismatchError, type Json, normalizationKey } from '@espalier/core';

/** A file to write. */
export interface OutputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes of one file of weights, as TensorFlow.js cuts them. */
const shardBytes = 2 ** 22;

/** What of a checkpoint's metadata TensorFlow.js carries in `userDefinedMetadata`. */
const carried = [normalizationKey, 'classNames'];

/** The files of a TensorFlow.js layers model, `model.json` last. */
export function layersModelFiles(checkpoint: Checkpoint): OutputFile[] {
  const { model, weights, metadata } = checkpoint;
  if (model === null) {
    throw new CheckpointMismatchError('It holds no topology. Save it with session.checkpoint({ model }).');
  }
  const entries = [...weights];
  const all = new Uint8Array(entries.reduce((sum, [, { values }]) => sum + values.byteLength, 0));
  let offset = 0;
  for (const [, { values }] of entries) {
    all.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  const count = Math.max(1, Math.ceil(all.length / shardBytes));
  const shards = Array.from({ length: count }, (_, i) => ({
    name: `group1-shard${i + 1}of${count}.bin`,
    bytes: all.subarray(i * shardBytes, (i + 1) * shardBytes),
  }));
  const own = Object.fromEntries(Object.entries(metadata).filter(([key]) => carried.includes(key)));
  const json = {
    format: 'layers-model',
    generatedBy: '@espalier/cli',
    convertedBy: null,
    modelTopology: model,
    weightsManifest: [
      {
        paths: shards.map(({ name }) => name),
        weights: entries.map(([name, { shape }]) => ({ name, shape: [...shape], dtype: 'float32' })),
      },
    ],
    ...(Object.keys(own).length > 0 ? { userDefinedMetadata: own as Json } : {}),
  };
  return [...shards, { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(json)) }];
}
