import { InvalidOptionError, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { likeOutputs } from './losses/like-outputs.js';
import type { Metric } from './metric.js';

/**
 * Fraction of examples whose class is among the `k` largest outputs; among equal outputs the lower index is the larger
 * one. With 1 this is accuracy.
 *
 * @param k - From 1; more than there are classes counts every example.
 * @returns A metric for outputs `[examples, classes]` and labels that are class indices or rows of fractions.
 * @throws {@link InvalidOptionError} if `k` is no whole number of at least 1.
 *
 * @example The true class is the second largest of three.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { topK } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const [outputs, labels] = [tf.tensor2d([[3, 1, 2]]), tf.tensor1d([2], 'int32')];
 * console.log(await topK(1)(outputs, labels).data(), await topK(2)(outputs, labels).data()); // [0] [1]
 * ```
 */
export function topK(k: number): Metric {
  rules.integer({ from: 1 })('k', k as never);
  return (outputs, labels) =>
    tf.tidy(() => {
      const [examples = 0, classes = 1] = outputs.shape;
      if (outputs.rank !== 2) throw new InvalidOptionError('outputs', outputs.shape, '[examples, classes]');
      const rows = labels.shape.join() === outputs.shape.join();
      const indices = tf.cast(rows ? tf.argMax(labels, -1) : tf.reshape(labels, [examples]), 'int32');
      const own = tf.cast(tf.oneHot(indices, classes), 'float32');
      const value = tf.sum(tf.where(tf.greater(own, 0), outputs, tf.zerosLike(outputs)), -1, true);
      // How many classes are before the true one: larger ones, and equal ones of a lower index.
      const places = tf.range(0, classes, 1, 'int32');
      const lower = tf.less(tf.expandDims(places, 0), tf.expandDims(indices, 1));
      const ahead = tf.logicalOr(tf.greater(outputs, value), tf.logicalAnd(tf.equal(outputs, value), lower));
      return tf.mean(tf.cast(tf.less(tf.sum(tf.cast(ahead, 'float32'), -1), k), 'float32')) as tf.Scalar;
    });
}

/**
 * Mean of the absolute differences over all entries.
 *
 * @returns A metric for outputs of any shape and labels of the same shape, or `[examples]` for a single unit.
 *
 * @example |1 − 3| and |2 − 2|, on average 1.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { meanAbsoluteError } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * console.log(await meanAbsoluteError()(tf.tensor2d([[1], [2]]), tf.tensor1d([3, 2])).data()); // [1]
 * ```
 */
export function meanAbsoluteError(): Metric {
  return (outputs, labels) =>
    tf.tidy(() => tf.mean(tf.abs(tf.sub(outputs, likeOutputs(labels, outputs)))) as tf.Scalar);
}
