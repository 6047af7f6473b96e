import { InvalidOptionError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';

/** Mean loss of a batch as a scalar, differentiable in `outputs`. `labels` are those of the {@link Batch}. */
export type Loss = (outputs: tf.Tensor, labels: tf.Tensor) => tf.Scalar;

/** Options of {@link softmaxCrossEntropy}. */
export interface SoftmaxCrossEntropyOptions {
  /**
   * Share ε of the probability that is spread evenly over all classes, in [0, 1): the true class gets `1 − ε + ε / classes`.
   *
   * @defaultValue 0
   */
  readonly labelSmoothing?: number;
}

/**
 * Softmax cross-entropy on logits, averaged over the batch.
 *
 * @param options - Label smoothing.
 * @returns A loss for logits `[examples, classes]` and labels that are class indices `[examples]` or distributions
 *   `[examples, classes]`.
 * @throws {@link InvalidOptionError} if the smoothing is outside [0, 1).
 * @see Szegedy et al. 2016, {@link https://arxiv.org/abs/1512.00567}, section 7, for label smoothing.
 *
 * @example Two equal logits: the loss is ln 2.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { softmaxCrossEntropy } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const loss = softmaxCrossEntropy()(tf.zeros([1, 2]), tf.tensor1d([1], 'int32'));
 * console.log(await loss.data()); // Float32Array [0.6931…]
 * ```
 */
export function softmaxCrossEntropy(options: SoftmaxCrossEntropyOptions = {}): Loss {
  const smoothing = options.labelSmoothing ?? 0;
  if (!(smoothing >= 0 && smoothing < 1)) throw new InvalidOptionError('labelSmoothing', smoothing, 'in [0, 1)');
  return (logits, labels) =>
    tf.tidy(() => tf.losses.softmaxCrossEntropy(distribution(labels, logits), logits, undefined, smoothing));
}

function distribution(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const classes = logits.shape.at(-1) ?? 1;
  if (labels.rank === logits.rank) return labels;
  // The dtype argument of oneHot is no help: the WASM kernel writes integers whatever it says.
  return tf.cast(tf.oneHot(tf.cast(labels, 'int32'), classes), 'float32');
}
