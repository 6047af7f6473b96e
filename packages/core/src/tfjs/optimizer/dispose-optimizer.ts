import type * as tf from '@tensorflow/tfjs-core';
import { rules } from '../../options/rules.js';

/**
 * Frees everything that an optimizer holds, also what TensorFlow.js forgets: momentum's learning-rate scalar
 * (tensorflow/tfjs#4647). The optimizer cannot be used afterwards.
 *
 * @param optimizer - Any TensorFlow.js optimizer; of a session's masked optimizer, the inner one is freed.
 * @throws {@link InvalidOptionError} if it is no optimizer.
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
  rules.having('a tf.Optimizer', 'dispose', 'applyGradients')('optimizer', optimizer as never);
  optimizer.dispose();
  (optimizer as tf.Optimizer & { readonly c?: tf.Tensor }).c?.dispose();
}
