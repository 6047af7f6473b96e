import type * as tf from '@tensorflow/tfjs-core';

/**
 * Frees everything that an optimizer holds, also what TensorFlow.js forgets: momentum's learning-rate scalar
 * (tensorflow/tfjs#4647). The optimizer cannot be used afterwards.
 *
 * @param optimizer - Any TensorFlow.js optimizer.
 *
 * @example
 * ```ts
 * import { disposeOptimizer } from '@espalier/core/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const optimizer = tf.train.momentum(0.1, 0.9);
 * disposeOptimizer(optimizer);
 * ```
 */
export function disposeOptimizer(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  if (optimizer.getClassName() === 'Momentum') (optimizer as unknown as { readonly c: tf.Tensor }).c.dispose();
}
