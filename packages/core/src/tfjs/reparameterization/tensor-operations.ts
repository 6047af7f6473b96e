import * as tf from '@tensorflow/tfjs-core';
import type { TensorOperations } from '../../method/tensor-operations.js';

/**
 * The arithmetic of a {@link Reparameterization} with TensorFlow.js, as sessions use it. Results are new tensors; call
 * it within `tf.tidy`.
 *
 * @experimental
 *
 * @example The golden test of a hook: soft thresholding of three weights by 1.
 * ```ts
 * import type { Reparameterization } from '@espalier/core';
 * import { tensorOperations } from '@espalier/core/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * export function softThresholded(hook: Reparameterization): tf.Tensor {
 *   const threshold = tf.scalar(1);
 *   return tf.tidy(() => hook.effective(tensorOperations, tf.tensor1d([-3, 0.5, 2]), { threshold }));
 * }
 * ```
 */
export const tensorOperations: TensorOperations<tf.Tensor> = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  abs: a => tf.abs(a),
  sign: a => tf.sign(a),
  relu: a => tf.relu(a),
  sigmoid: a => tf.sigmoid(a),
  exp: a => tf.exp(a),
  whereGreater: (a, b, chosen, otherwise) => tf.where(tf.greater(a, b), chosen, otherwise),
  sum: a => tf.sum(a),
};
