import { type Checkpoint, type Json, type StoredWeight, stripCheckpoint } from '@espalier/core';
import { modelWeights } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A trained network as data, to make any number of copies of. */
export interface Upstream {
  readonly model: Json;
  readonly weights: ReadonlyMap<string, StoredWeight>;
  /** Masks that came with the weights; none for a bare model. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
}

/** Reads a checkpoint of any method, or a model of any origin. Zeros of a reparameterization count as masked. */
export async function readUpstream(source: Checkpoint | LayersModel): Promise<Upstream> {
  if ('format' in source) return stripCheckpoint(source);
  const weights = modelWeights(source).map(async ({ name, variable, trainable }) => {
    const values = Float32Array.from(await variable.data());
    return [name, { shape: variable.shape, values, trainable }] as const;
  });
  return {
    model: JSON.parse(JSON.stringify(source.toJSON(null, false))) as Json,
    weights: new Map(await Promise.all(weights)),
    masks: new Map(),
  };
}
