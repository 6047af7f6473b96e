import type { Checkpoint, Json, StoredWeight } from '@espalier/core';
import { modelWeights } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A checkpoint with the topology of a model, its weights, and masks of what is 0; the model is disposed of. */
export async function checkpointOf(model: LayersModel): Promise<Checkpoint> {
  const weights = new Map<string, StoredWeight>();
  const masks = new Map<string, Uint8Array>();
  for (const { name, variable, trainable } of modelWeights(model)) {
    const values = Float32Array.from(await variable.data());
    weights.set(name, { shape: variable.shape, values, trainable });
    if (name.endsWith('kernel'))
      masks.set(
        name,
        Uint8Array.from(values, value => Number(value !== 0)),
      );
  }
  const topology = JSON.parse(JSON.stringify(model.toJSON(null, false))) as Json;
  model.dispose();
  return {
    format: 'espalier-checkpoint/1',
    method: { name: 'fixed', citation: '', options: {} },
    clock: { step: 1, position: 1, round: 0 },
    state: null,
    phase: 'done',
    seed: 1,
    learningRate: null,
    masks,
    weights,
    slots: [],
    optimizer: null,
    snapshots: new Map(),
    model: topology,
    metadata: {},
  };
}
