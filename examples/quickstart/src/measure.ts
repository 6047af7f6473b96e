import { gzipSync } from 'node:zlib';
import { activeMagnitude, type Checkpoint, denseSafetensors, encodeCheckpoint, fixed, global } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession, pruneOnce, toModel } from '@espalier/core/tfjs';
import { evaluate } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { testBatches } from './digits.js';

/** Accuracy on the test digits of a network that is built anew from a checkpoint. */
export async function accuracyOf(checkpoint: Checkpoint): Promise<number> {
  const model = await toModel(checkpoint);
  const { accuracy } = await evaluate(model, testBatches());
  model.dispose();
  return accuracy;
}

/** The checkpoint's network, pruned once without any training after it. */
export async function pruneWithoutRetraining(checkpoint: Checkpoint, sparsity: number): Promise<Checkpoint> {
  const model = await toModel(checkpoint);
  const weights = modelWeights(model);
  const optimizer = tf.train.sgd(0);
  const masks = await pruneOnce(weights, activeMagnitude, sparsity, global);
  const session = await PruningSession.start(fixed(), { weights, optimizer, masks });
  const pruned = await session.checkpoint({ model, slots: false });
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  return pruned;
}

/** Bytes of the same weights in four forms. */
export interface Bytes {
  /** A dense safetensors file, zeros and all. */
  readonly dense: number;
  /** The same, compressed with gzip. */
  readonly gzip: number;
  /** Espalier's checkpoint: one bit a weight, and the weights that are left. */
  readonly sparse: number;
  /** The same, compressed with gzip. */
  readonly sparseGzip: number;
}

export function bytesOf(checkpoint: Checkpoint): Bytes {
  const dense = denseSafetensors(checkpoint);
  const sparse = encodeCheckpoint(checkpoint);
  return {
    dense: dense.length,
    gzip: gzipSync(dense).length,
    sparse: sparse.length,
    sparseGzip: gzipSync(sparse).length,
  };
}
