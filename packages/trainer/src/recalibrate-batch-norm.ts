import { InvalidOptionError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batches } from './batch.js';
import { layersOfClass } from './layers-of-class.js';

/** Options of {@link recalibrateBatchNorm}. */
export interface RecalibrationOptions {
  /**
   * Weight of the old statistics in a running average, in [0, 1). Left out, all batches count the same, which is the better
   * choice unless the series is long and drifting.
   */
  readonly momentum?: number;
}

/** What a batch-normalisation layer keeps its statistics in, and how fast they move. */
interface Normalisation {
  readonly movingMean: Statistic;
  readonly movingVariance: Statistic;
  momentum: number;
}

interface Statistic {
  readonly shape: number[];
  write(value: tf.Tensor): void;
}

/**
 * Recomputes the moving mean and variance of every batch-normalisation layer from the given batches, and changes nothing else.
 *
 * Pruning changes the activations, and statistics that were averaged over unpruned weights then cost accuracy; a few dozen
 * training batches repair that. The first batch replaces the old statistics. After it comes the plain average over batches, or
 * with `momentum` m the running average `m · old + (1 − m) · batch`. Dropout is on, as it was in training. A model without
 * batch normalisation comes back as it was. Every batch is disposed; labels are not looked at.
 *
 * @param model - The model; layers of nested models count. A layer with `trainable` false is recomputed too.
 * @param batches - Training batches, at least one; all of about the same size, because each counts once.
 * @returns The number of batches used.
 * @throws {@link InvalidOptionError} if the series is empty or `momentum` is out of range.
 *
 * @example One batch of ones: the moving mean becomes 1 and the moving variance 0.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { recalibrateBatchNorm } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 * import * as layers from '@tensorflow/tfjs-layers';
 *
 * const model = layers.sequential({ layers: [layers.layers.batchNormalization({ inputShape: [3] })] });
 * await recalibrateBatchNorm(model, [{ xs: tf.ones([4, 3]), ys: tf.zeros([4], 'int32') }]);
 * ```
 */
export async function recalibrateBatchNorm(
  model: LayersModel,
  batches: Batches,
  options: RecalibrationOptions = {},
): Promise<number> {
  const { momentum } = options;
  if (momentum !== undefined && !(momentum >= 0 && momentum < 1)) {
    throw new InvalidOptionError('momentum', momentum, 'in [0, 1), or left out for a plain average');
  }
  const layers = layersOfClass<Normalisation>(model, 'BatchNormalization');
  const before = layers.map(layer => layer.momentum);
  let count = 0;
  try {
    for await (const { xs, ys } of batches) {
      const decay = count === 0 ? 0 : (momentum ?? count / (count + 1));
      if (count === 0) layers.forEach(forget);
      for (const layer of layers) layer.momentum = decay;
      tf.tidy(() => void model.apply(xs, { training: true }));
      tf.dispose([xs, ys]);
      count++;
    }
  } finally {
    layers.forEach((layer, index) => {
      layer.momentum = before[index] ?? layer.momentum;
    });
  }
  if (count === 0) throw new InvalidOptionError('batches', 'empty', 'at least one batch');
  return count;
}

/** Starts from 0, so that neither rounding nor a NaN of the old statistics gets into the new ones. */
function forget({ movingMean, movingVariance }: Normalisation): void {
  for (const statistic of [movingMean, movingVariance]) tf.tidy(() => statistic.write(tf.zeros(statistic.shape)));
}
