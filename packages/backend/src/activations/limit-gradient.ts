import * as tf from '@tensorflow/tfjs-core';
import { registerLinearGradient, replaceGradient } from './replace-gradient.js';

/**
 * The gradient of what cuts values off, in one pass. Inputs dy, x; attributes as in {@link Limits}; output dx: dy where
 * x lies between the limits, else 0 in general.
 */
export const LIMIT_GRADIENT = 'EspalierLimitGrad';

/** Where a gradient comes through, and what becomes of it elsewhere. */
export interface Limits {
  /** Lower limit. */
  readonly low: number;
  /** Upper limit, which lies inside. */
  readonly high: number;
  /**
   * Whether the lower limit lies inside as well, and dx is 0 wherever x does not, NaN among it. Otherwise dx is there
   * dy times 0, which is NaN where dy is not finite, and NaN where x is: so do the products of TensorFlow.js.
   */
  readonly closed: boolean;
  /** Whether dx is 0 above the upper limit, whatever dy is. */
  readonly cut: boolean;
}

/** dx of what was cut off at the limits. */
export function limitGradient(dy: tf.Tensor, x: tf.Tensor, limits: Limits): tf.Tensor {
  return tf.engine().runKernel(LIMIT_GRADIENT, { dy, x }, { ...limits }) as tf.Tensor;
}

/** Lets the gradients of `tf.relu6` and `tf.clipByValue` run as one kernel, instead of four or five. */
export function replaceLimitGradients(): void {
  registerLinearGradient(LIMIT_GRADIENT);
  replaceGradient('Relu6', LIMIT_GRADIENT, (dy, x) =>
    limitGradient(dy, x, { low: 0, high: 6, closed: false, cut: false }),
  );
  replaceGradient('ClipByValue', LIMIT_GRADIENT, (dy, x, attributes) => {
    const { clipValueMin, clipValueMax } = attributes as { clipValueMin: number; clipValueMax: number };
    return limitGradient(dy, x, { low: clipValueMin, high: clipValueMax, closed: true, cut: true });
  });
}
