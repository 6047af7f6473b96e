import * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM_GRADIENT, BATCH_NORM_TRAINING } from './kernel-names.js';

/** A batch's statistics, one value per channel. The variance is the biased one, sum((x - mean)^2) / n. */
export interface BatchStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/** Whether the current backend has the fused kernels. */
export function hasFusedBatchNorm(): boolean {
  return tf.getKernel(BATCH_NORM_TRAINING, tf.getBackend()) != null;
}

/**
 * Normalizes x by its own statistics over all axes but the last, as one differentiable operation. `observe` is shown
 * the statistics outside the gradient's tape; they are disposed after it returns unless the gradient needs them.
 */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  observe: (statistics: BatchStatistics) => void,
): tf.Tensor {
  const normalize = tf.customGrad((...args) => {
    const [input, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const [y, mean, variance, ...reserve] = run(BATCH_NORM_TRAINING, { x: input, gamma: scale, beta: shift }, epsilon);
    observe({ mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D });
    save([input, scale, mean, variance, ...reserve]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => {
        const [savedInput, savedScale, savedMean, savedVariance, ...rest] = saved as Outputs;
        return run(
          BATCH_NORM_GRADIENT,
          {
            dy: dy as tf.Tensor,
            x: savedInput,
            gamma: savedScale,
            mean: savedMean,
            variance: savedVariance as tf.Tensor,
            ...Object.fromEntries(rest.map((tensor, i) => [`reserve${i}`, tensor])),
          },
          epsilon,
        );
      },
    };
  });
  const flat = x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, x.shape.at(-1) ?? 1]);
  const y = normalize(flat, gamma, beta);
  return x.rank === 4 ? y : tf.reshape(y, x.shape);
}

type Outputs = [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];

function run(kernel: string, inputs: Record<string, tf.Tensor>, epsilon: number): Outputs {
  return tf.engine().runKernel(kernel, inputs, { epsilon }) as Outputs;
}
