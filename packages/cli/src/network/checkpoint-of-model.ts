import { type Checkpoint, fixed, masksOfZeros } from '@espalier/core';
import { type ModelWeight, modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/**
 * A network of any origin as a checkpoint: topology, weights and what it carries. Frozen layers are thawed, since how a
 * network was trained last says nothing about what is pruned and trained now. Zeros of a sparse network count as
 * masked, so that it stays sparse.
 *
 * @param model - Not disposed.
 * @param metadata - What else is known of it.
 * @param say - Is told of frozen layers.
 */
export async function checkpointOfModel(
  model: LayersModel,
  metadata: Checkpoint['metadata'],
  say: (line: string) => void,
): Promise<Checkpoint> {
  const frozen = thaw(model);
  if (frozen > 0) say(`${frozen} ${frozen === 1 ? 'layer is' : 'layers are'} frozen in the file, and trained here.`);
  const weights = modelWeights(model);
  const optimizer = tf.train.sgd(0);
  const session = await PruningSession.start(fixed(), { weights, optimizer, onWarning: () => {} });
  try {
    const checkpoint = await session.checkpoint({ model, metadata, slots: false, snapshots: false });
    return { ...checkpoint, masks: masksIn(checkpoint, weights) };
  } finally {
    session.dispose();
    optimizer.dispose();
  }
}

/** Weights whose zeros may be those of a sparse network. */
const maySparse = ({ prunable, denseBecause }: ModelWeight): boolean => prunable || denseBecause === 'depthwise';

/** Masks of a network that brings none. */
function masksIn(checkpoint: Checkpoint, weights: readonly ModelWeight[]): Map<string, Uint8Array> {
  const kernels = weights.filter(maySparse).map(({ name, denseBecause, variable: { shape } }) => {
    const values = checkpoint.weights.get(name)?.values ?? new Float32Array(sizeOf(shape));
    return { name, shape, values, depthwise: denseBecause === 'depthwise' };
  });
  return masksOfZeros(kernels);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

/** Nested models say nothing to their layers, so each is told by itself. Gives the number of frozen layers. */
function thaw(layer: Layer): number {
  const { layers: nested } = layer as Layer & { layers?: Layer[] };
  const own = !nested && !layer.trainable && layer.weights.length > 0 ? 1 : 0;
  layer.trainable = true;
  return own + (nested ?? []).reduce((sum, child) => sum + thaw(child), 0);
}
