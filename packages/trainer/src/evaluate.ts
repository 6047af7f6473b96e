import { InvalidOptionError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batches } from './batch.js';
import { type Loss, softmaxCrossEntropy } from './loss.js';

/** How good a model is on a set of examples. */
export interface Evaluation {
  /** Mean loss over the examples. */
  readonly loss: number;
  /** Share of examples whose largest output is the true class, in [0, 1]. */
  readonly accuracy: number;
  /** Number of examples that were looked at. */
  readonly examples: number;
}

/**
 * Loss and accuracy of a model over all batches, each example counted once however large its batch is.
 *
 * The model runs in inference mode: dropout is off and batch normalisation uses its moving statistics, which stay as they are.
 * Among equal outputs the class with the lower index counts as the prediction. Every batch is disposed.
 *
 * @param model - A model with one output, `[examples, classes]`.
 * @param batches - A finite series of batches; it must not be empty.
 * @param loss - Loss to average; default {@link softmaxCrossEntropy} without smoothing.
 * @throws {@link InvalidOptionError} if there is no example, or the model has several outputs.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { evaluate } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 * import * as layers from '@tensorflow/tfjs-layers';
 *
 * const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [3] })] });
 * const batch = { xs: tf.ones([4, 3]), ys: tf.zeros([4], 'int32') };
 * const { accuracy, examples } = await evaluate(model, [batch]); // 4 examples
 * ```
 */
export async function evaluate(
  model: LayersModel,
  batches: Batches,
  loss: Loss = softmaxCrossEntropy(),
): Promise<Evaluation> {
  requireOneOutput(model);
  let examples = 0;
  let correct = 0;
  let total = 0;
  for await (const { xs, ys } of batches) {
    const count = xs.shape[0] ?? 0;
    const sums = tf.tidy(() => {
      const outputs = model.apply(xs, { training: false }) as tf.Tensor;
      const truth = ys.rank === outputs.rank ? tf.argMax(ys, -1) : ys;
      const hits = tf.sum(tf.cast(tf.equal(tf.argMax(outputs, -1), tf.cast(truth, 'int32')), 'float32'));
      return tf.stack([loss(outputs, ys), hits]);
    });
    const [mean = Number.NaN, hits = 0] = await sums.data();
    tf.dispose([sums, xs, ys]);
    total += mean * count;
    correct += hits;
    examples += count;
  }
  if (examples === 0) throw new InvalidOptionError('batches', 'empty', 'at least one batch with an example');
  return { loss: total / examples, accuracy: correct / examples, examples };
}

/** Refuses a model whose output is not a single tensor. */
export function requireOneOutput(model: LayersModel): void {
  const { length } = model.outputs;
  if (length !== 1) throw new InvalidOptionError('model', `a model with ${length} outputs`, 'a model with one output');
}
