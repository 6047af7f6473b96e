import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '../loss.js';
import { likeOutputs } from './like-outputs.js';

/**
 * Mean of the squared differences over all entries of a batch, for numbers that a model predicts.
 *
 * @returns A loss for outputs of any shape and labels of the same shape, or `[examples]` for a single unit. It throws
 *   {@link ShapeMismatchError} if labels have another shape.
 *
 * @example (1 − 3)² and (2 − 2)², on average 2.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { meanSquaredError } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const loss = meanSquaredError()(tf.tensor2d([[1], [2]]), tf.tensor1d([3, 2]));
 * console.log(await loss.data()); // Float32Array [2]
 * ```
 */
export function meanSquaredError(): Loss {
  return (outputs, labels) =>
    tf.tidy(() => tf.mean(tf.squaredDifference(outputs, likeOutputs(labels, outputs))) as tf.Scalar);
}
