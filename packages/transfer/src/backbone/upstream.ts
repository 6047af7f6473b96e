import {
  type Checkpoint,
  type InputNormalization,
  type Json,
  normalizationOf,
  type StoredWeight,
  stripCheckpoint,
} from '@espalier/core';
import { modelNormalization, modelWeights } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A trained network as data, to make any number of copies of. */
export interface Upstream {
  readonly model: Json;
  readonly weights: ReadonlyMap<string, StoredWeight>;
  /** Masks that came with the weights; none for a bare model. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
  /** What the network carries with it, if anything. */
  readonly normalization: InputNormalization | undefined;
}

/** Reads a checkpoint of any method, or a model of any origin. Zeros of a reparameterization count as masked. */
export async function readUpstream(source: Checkpoint | LayersModel): Promise<Upstream> {
  if ('format' in source) return { ...stripCheckpoint(source), normalization: normalizationOf(source.metadata) };
  const weights = modelWeights(source).map(async ({ name, variable, trainable }) => {
    const values = Float32Array.from(await variable.data());
    return [name, { shape: variable.shape, values, trainable }] as const;
  });
  return {
    model: JSON.parse(JSON.stringify(source.toJSON(null, false))) as Json,
    weights: new Map(await Promise.all(weights)),
    masks: new Map(),
    normalization: modelNormalization(source),
  };
}
