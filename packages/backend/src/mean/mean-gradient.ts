import * as tf from '@tensorflow/tfjs-core';
import { replaceGradient } from '../activations/replace-gradient.js';

/**
 * The gradient of a mean over axes that lie beside each other, in one pass. Input dy; attributes shape, that of dx, and
 * axes; output dx, dy divided by how many numbers there were of each.
 */
export const MEAN_GRADIENT = 'EspalierMeanGrad';

/** Lets the gradient of `tf.mean` run as one kernel, as of global pooling, instead of three. */
export function replaceMeanGradient(): void {
  if (tf.getGradient(MEAN_GRADIENT) == null) {
    tf.registerGradient({
      kernelName: MEAN_GRADIENT,
      gradFunc: (ddx, _saved, attributes) => ({
        dy: () => tf.mean(ddx as tf.Tensor, attributes.axes as number[]),
      }),
    });
  }
  replaceGradient('Mean', MEAN_GRADIENT, gradient, (x, { axis }) => {
    const axes = axesOf(x, axis as number | number[]);
    return axes.length > 0 && x.size > 0 && axes.every((value, i) => i === 0 || value === (axes[i - 1] as number) + 1);
  });
}

function gradient(dy: tf.Tensor, x: tf.Tensor, { axis }: tf.NamedAttrMap): tf.Tensor {
  const axes = axesOf(x, axis as number | number[]);
  const [kept] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
  const attributes = { shape: x.shape, axes };
  return tf.engine().runKernel(MEAN_GRADIENT, { dy: tf.reshape(dy, kept) }, attributes) as tf.Tensor;
}

const axesOf = (x: tf.Tensor, axis: number | number[]): number[] =>
  tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
