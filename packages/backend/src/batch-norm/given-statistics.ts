import * as tf from '@tensorflow/tfjs-core';
import { hasFusedBatchNorm } from './normalize-batch.js';

const OPERATION = 'FusedBatchNorm';

let replaced = false;

/**
 * Lets the gradient of normalization by given statistics be computed with the same kernel, where the current backend
 * has ours: dx = dy · scale / sqrt(variance + epsilon) is itself such a normalization, of dy about 0. The gradients of
 * the statistics stay TensorFlow.js' own; they are computed only where somebody asks for them.
 */
export function replaceGivenStatisticsGradient(): void {
  const own = tf.getGradient(OPERATION) as tf.GradConfig | undefined;
  if (replaced || own === undefined) return;
  replaced = true;
  tf.unregisterGradient(OPERATION);
  tf.registerGradient({
    ...own,
    gradFunc: (given, saved, attributes) => {
      const gradients = own.gradFunc(given, saved, attributes) as Record<string, () => tf.Tensor>;
      const [x, mean, variance, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor | undefined];
      const covered = hasFusedBatchNorm() && mean.rank === 1 && x.dtype === 'float32';
      if (!covered) return gradients;
      const dy = given as tf.Tensor;
      const normalized = (inputs: tf.NamedTensorMap): tf.Tensor =>
        tf.engine().runKernel(OPERATION, { variance, ...inputs }, attributes) as tf.Tensor;
      return {
        ...gradients,
        x: () => normalized({ x: dy, mean: tf.zerosLike(mean), ...(scale ? { scale } : {}) }),
        scale: () => sumOfRows(tf.mul(dy, normalized({ x, mean }))),
        offset: () => sumOfRows(dy),
      };
    },
  });
}

/** Sums over all axes but the last. */
const sumOfRows = (x: tf.Tensor): tf.Tensor => tf.sum(x, [...Array(x.rank - 1).keys()]);
