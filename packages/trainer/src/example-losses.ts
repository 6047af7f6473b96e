import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type AnyBatch, type BatchSource, disposeBatch, type Tensors } from './batch.js';
import type { AnyLoss } from './losses/losses.js';
import { lossRule } from './option-rules.js';
import { checkBatch } from './output/check-batch.js';
import { judgeOf } from './output/judge.js';
import { inferenceLoss } from './output/score.js';
import { inputsOf } from './output/tensors-of.js';

/** What {@link exampleLosses} makes losses of. */
export interface ExampleLossesOptions {
  /** The model whose weights the session holds. */
  readonly model: LayersModel;
  /** Batches by position, of which the examples are taken one by one, from position 0. */
  readonly batches: BatchSource<AnyBatch>;
  /**
   * Loss of an example, as in {@link TrainOptions}.
   *
   * @defaultValue what the model's outputs ask for
   */
  readonly loss?: AnyLoss | undefined;
}

/**
 * Losses of single examples, for the session option `exampleLosses` of methods that observe per-example gradients, such
 * as WoodFisher. The model runs in inference mode, so that batch normalization uses its moving statistics and keeps
 * them. Every call begins with the same examples.
 *
 * @param options - Model, batches, loss.
 * @returns A function of the number of losses; it makes one after the other and disposes the batches.
 * @throws {@link InvalidOptionError} or {@link UnknownOptionError} if an option is impossible or unknown;
 *   {@link NoDefaultLossError} if there is no loss and none fits. The losses throw {@link InvalidBatchError} if a batch
 *   is not what the model takes.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { exampleLosses } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 * import * as layers from '@tensorflow/tfjs-layers';
 *
 * const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [3] })] });
 * const batches = () => ({ xs: tf.ones([4, 3]), ys: tf.zeros([4], 'int32') });
 * let count = 0;
 * for await (const loss of exampleLosses({ model, batches })(6)) count += tf.tidy(() => loss().rank === 0) ? 1 : 0;
 * console.log(count); // 6, of two batches
 * ```
 */
export function exampleLosses(options: ExampleLossesOptions): (count: number) => AsyncIterable<() => tf.Scalar> {
  checkOptions<ExampleLossesOptions>(options, {
    model: rules.having('a LayersModel of TensorFlow.js', 'apply', 'calculateLosses'),
    batches: rules.function,
    loss: rules.optional(lossRule),
  });
  const { model, batches, loss } = options;
  const judge = judgeOf(model, loss);
  return async function* (count) {
    for (let position = 0, made = 0; made < count; position++) {
      const batch = await batches(position);
      try {
        await checkBatch(batch, judge, `the batch of position ${position}`, false);
        const examples = inputsOf(model, batch.xs)[0]?.shape[0] ?? 0;
        for (let example = 0; example < examples && made < count; example++, made++) {
          yield () => tf.tidy(() => inferenceLoss(judge, exampleOf(batch.xs, example), exampleOf(batch.ys, example)));
        }
      } finally {
        disposeBatch(batch);
      }
    }
  };
}

/** One example of every tensor, with its axis. */
function exampleOf(tensors: Tensors, example: number): Tensors {
  const slice = (tensor: tf.Tensor): tf.Tensor => tf.slice(tensor, example, 1);
  if (tensors instanceof tf.Tensor) return slice(tensors);
  if (Array.isArray(tensors)) return tensors.map(slice);
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, slice(tensor)]));
}
