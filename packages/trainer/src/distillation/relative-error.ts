import * as tf from '@tensorflow/tfjs-core';

/**
 * `Σ (x − target)² / Σ target²` as a scalar: 0 for what is the same, 1 for zeros. A target of zeros alone counts as if
 * its squares added up to 1e-12.
 */
export function relativeError(x: tf.Tensor, target: tf.Tensor): tf.Scalar {
  // By itself the gradient would be four operations over all the data, each slower than this one.
  const error = tf.customGrad((...args) => {
    const [given, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const difference = tf.sub(given, target);
    const scale = tf.div(1, tf.maximum(sumOfSquares(target), 1e-12));
    save([difference, scale]);
    return {
      value: tf.mul(sumOfSquares(difference), scale),
      gradFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => {
        const [kept, factor] = saved as [tf.Tensor, tf.Tensor];
        return tf.mul(kept, tf.mul(tf.mul(dy as tf.Tensor, 2), factor));
      },
    };
  });
  return error(x) as tf.Scalar;
}

const sumOfSquares = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(x, x));
