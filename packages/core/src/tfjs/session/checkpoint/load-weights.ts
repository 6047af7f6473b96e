import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Checkpoint } from '../../../checkpoint/checkpoint.js';
import { requireCheckpoint } from '../../../checkpoint/require-checkpoint.js';
import type { ModelWeight } from '../../weights/model-weight.js';
import { modelWeights } from '../../weights/model-weights.js';
import { assignFloats } from '../../weights/tensors.js';
import { requireWeights } from './checkpoint-fit.js';

/**
 * Overwrites every weight of a model, trained or not, with those of a checkpoint, by stable name. Masked entries are 0.
 *
 * Nothing is written unless everything fits. To train on with the same masks, give `checkpoint.masks` to the session.
 *
 * @param model - The model, or its weights.
 * @param checkpoint - A checkpoint of the same model; the method that made it does not matter.
 * @throws {@link InvalidModelError} if it is neither a model nor its weights.
 * @throws {@link InvalidOptionError} if there is no checkpoint.
 * @throws {@link CheckpointMismatchError} if a weight is missing or left over, or a shape differs.
 *
 * @example Use the sparse weights in a model of your own.
 * ```ts
 * import type { Checkpoint } from '@espalier/core';
 * import { loadWeights } from '@espalier/core/tfjs';
 * import * as tf from '@tensorflow/tfjs-layers';
 *
 * export function sparseHead(checkpoint: Checkpoint): tf.LayersModel {
 *   const model = tf.sequential({ layers: [tf.layers.dense({ name: 'head', units: 2, inputShape: [4] })] });
 *   loadWeights(model, checkpoint);
 *   return model;
 * }
 * ```
 */
export function loadWeights(
  model: LayersModel | readonly ModelWeight[],
  checkpoint: Pick<Checkpoint, 'weights'>,
): void {
  const weights = isList(model) ? model : modelWeights(model);
  requireCheckpoint(checkpoint, ['weights']);
  requireWeights(checkpoint.weights, weights);
  for (const { name, variable } of weights) {
    const stored = checkpoint.weights.get(name);
    if (stored) assignFloats(variable, stored.values);
  }
}

function isList(model: LayersModel | readonly ModelWeight[]): model is readonly ModelWeight[] {
  return Array.isArray(model) && model.every(weight => typeof weight?.name === 'string' && 'variable' in weight);
}
