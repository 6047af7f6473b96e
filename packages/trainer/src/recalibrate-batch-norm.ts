import { checkOptions, InvalidOptionError, rules } from '@espalier/core';
import { batchNormalizations, keepFrozenStatistics } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { type AnyBatch, type Batches, disposeBatch, isSeries, type Tensors } from './batch.js';
import { innermostLayers } from './innermost-layers.js';
import { requireInputs } from './output/check-batch.js';
import { requireModel } from './output/require-model.js';
import { applied } from './output/tensors-of.js';
import { replaceCall } from './replace-call.js';

/** Options of {@link recalibrateBatchNorm}. */
export interface RecalibrationOptions {
  /**
   * Weight of the old statistics in a running average, in [0, 1). Left out, all batches count the same, which is the
   * better choice unless the series is long and drifting.
   */
  readonly momentum?: number | undefined;
  /**
   * What to do with frozen layers: those with `trainable` false, or inside a nested model with `trainable` false. With
   * `keep` they normalize by the statistics that they have, which stay; with `recompute` they are treated like all
   * others.
   *
   * @defaultValue `keep`
   */
  readonly frozen?: 'keep' | 'recompute' | undefined;
}

/** What a batch-normalization layer keeps its statistics in, and how fast they move. */
interface Normalization extends layers.Layer {
  readonly movingMean: Statistic;
  readonly movingVariance: Statistic;
  momentum: number;
}

interface Statistic {
  readonly shape: number[];
  write(value: tf.Tensor): void;
}

/**
 * Recomputes the moving mean and variance of the batch-normalization layers from the given batches, and changes nothing
 * else.
 *
 * Pruning changes the activations, and statistics that were averaged over unpruned weights then cost accuracy; a few
 * dozen training batches repair that. The first batch replaces the old statistics. After it comes the plain average
 * over batches, or with `momentum` m the running average `m · old + (1 − m) · batch`. Dropout is on, as it was in
 * training. A model without batch normalization comes back as it was. Every batch is disposed; labels are not looked
 * at.
 *
 * The statistics are only as good as the images are many: a network that nothing was pruned of loses by this, too.
 * EfficientNet-Lite0 of ImageNet, dense, classifies 88.3 % of photographs with its own statistics and 78.8 % with those
 * of 128 images, in PyTorch as well as here. So compare a pruned network with a dense one that was recalibrated on the
 * same images, take many more of them, or fine-tune after pruning, which averages the statistics over all of its steps.
 *
 * Frozen layers are left as they are, as in Keras, unless the option `frozen` says otherwise. Memory is that of
 * inference: activations of a batch are freed as soon as the layers that need them have run. A batch whose largest
 * activations do not fit has to be made smaller.
 *
 * @param model - The model; layers of nested models count.
 * @param batches - Training batches, at least one; all of about the same size, because each counts once.
 * @param options - Averaging, and what to do with frozen layers.
 * @returns The number of batches used.
 * @throws {@link InvalidOptionError} if the series is empty, an option is out of range, or all batch normalization is
 *   frozen and to be kept.
 * @throws {@link UnknownOptionError} if there is an option of another name.
 * @throws {@link InvalidBatchError} if a batch is not what the model takes.
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
  batches: Batches<AnyBatch>,
  options: RecalibrationOptions = {},
): Promise<number> {
  checkOptions<RecalibrationOptions>(options, {
    momentum: rules.optional(rules.number({ from: 0, below: 1 })),
    frozen: rules.optional(rules.oneOf('keep', 'recompute')),
  });
  requireModel(model);
  if (!isSeries(batches)) throw new InvalidOptionError('batches', batches, 'an iterable of batches');
  const { momentum, frozen = 'keep' } = options;
  const found = batchNormalizations(model);
  const layers = found.filter(one => frozen === 'recompute' || !one.frozen).map(({ layer }) => layer as Normalization);
  if (found.length > 0 && layers.length === 0) {
    throw new InvalidOptionError(
      'frozen',
      frozen,
      '"recompute" for a model all of whose batch normalization is frozen',
    );
  }
  let count = 0;
  for await (const batch of batches) {
    try {
      requireInputs(batch, { model }, `batch ${count}`);
      if (count === 0) layers.forEach(forget);
      moveStatistics(model, batch.xs, layers, count === 0 ? 0 : (momentum ?? count / (count + 1)));
      count++;
    } finally {
      disposeBatch(batch);
    }
  }
  if (count === 0) throw new InvalidOptionError('batches', 'empty', 'at least one batch');
  return count;
}

/** One forward pass, in which the given layers normalize by the batch and move their statistics with this momentum. */
function moveStatistics(model: LayersModel, xs: Tensors, moving: readonly Normalization[], momentum: number): void {
  // In this order, what `trainEachLayer` says is heard last.
  const restore = [trainEachLayer(model, new Set(moving)), keepFrozenStatistics(model)];
  const before = moving.map(layer => layer.momentum);
  for (const layer of moving) layer.momentum = momentum;
  try {
    // Told that it trains, a model keeps all activations to the end. So its layers are told, and it is not.
    tf.tidy(() => void model.apply(applied(model, xs), { training: false }));
  } finally {
    moving.forEach((layer, index) => {
      layer.momentum = before[index] ?? layer.momentum;
    });
    for (const undo of restore.reverse()) undo();
  }
}

/** Runs every layer in training mode, but for the batch normalization that is not to move. */
function trainEachLayer(model: LayersModel, moving: ReadonlySet<layers.Layer>): () => void {
  const restore = innermostLayers(model).map(layer => {
    const training = layer.getClassName() !== 'BatchNormalization' || moving.has(layer);
    return replaceCall(layer, call => (inputs, kwargs) => call(inputs, { ...kwargs, training }));
  });
  return () => {
    for (const undo of restore) undo();
  };
}

/** Starts from 0, so that neither rounding nor a NaN of the old statistics gets into the new ones. */
function forget({ movingMean, movingVariance }: Normalization): void {
  for (const statistic of [movingMean, movingVariance]) tf.tidy(() => statistic.write(tf.zeros(statistic.shape)));
}
