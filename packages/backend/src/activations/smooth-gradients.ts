import * as tf from '@tensorflow/tfjs-core';
import { replaceApply } from './replace-apply.js';
import { hasKernel, registerLinearGradient, replaceGradient } from './replace-gradient.js';

/** The sigmoid's gradient in one pass. Inputs dy, y; output dx. */
export const SIGMOID_GRADIENT = 'EspalierSigmoidGrad';

/** The gradient of x sigmoid(x) in one pass. Inputs dy, x and s, the sigmoid of x; output dx. */
export const SWISH_GRADIENT = 'EspalierSwishGrad';

/** The leaky ReLU's gradient in one pass. Inputs dy, x; attribute alpha; output dx. */
export const LEAKY_RELU_GRADIENT = 'EspalierLeakyReluGrad';

/** Lets the gradients of `tf.sigmoid` and `tf.leakyRelu` run as one kernel, instead of three. */
export function replaceSmoothGradients(): void {
  registerSigmoidSecondGradient();
  registerLinearGradient(LEAKY_RELU_GRADIENT);
  replaceGradient(
    'Sigmoid',
    SIGMOID_GRADIENT,
    (dy, y) => tf.engine().runKernel(SIGMOID_GRADIENT, { dy, y }) as tf.Tensor,
  );
  replaceGradient('LeakyRelu', LEAKY_RELU_GRADIENT, (dy, x, attributes) => {
    return tf.engine().runKernel(LEAKY_RELU_GRADIENT, { dy, x }, attributes) as tf.Tensor;
  });
}

/**
 * Makes the class of the activation `swish` (SiLU) of tfjs-layers run its gradient as one kernel where the current
 * backend has it, instead of seven, with the same values. Another factor of the sigmoid's argument than 1 stays as it
 * is. Gradients of second order do not exist then.
 *
 * @param activation - An activation of that class.
 */
export function fuseSwish(activation: object): void {
  replaceApply(activation, (x, own, alpha = 1) =>
    alpha === 1 && x.dtype === 'float32' && hasKernel(SWISH_GRADIENT) ? swish(x) : own(),
  );
}

const swish = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((...args) => {
    const [input, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const s = tf.sigmoid(input);
    save([input, s]);
    return {
      value: tf.mul(input, s),
      gradFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => {
        const [savedInput, savedSigmoid] = saved as [tf.Tensor, tf.Tensor];
        const inputs = { dy: dy as tf.Tensor, x: savedInput, s: savedSigmoid };
        return tf.engine().runKernel(SWISH_GRADIENT, inputs) as tf.Tensor;
      },
    };
  })(x);

/** dx = dy y (1 - y) once more: y (1 - y) for dy, dy (1 - 2 y) for y. */
function registerSigmoidSecondGradient(): void {
  if (tf.getGradient(SIGMOID_GRADIENT) != null) return;
  tf.registerGradient({
    kernelName: SIGMOID_GRADIENT,
    inputsToSave: ['dy', 'y'],
    gradFunc: (ddx, saved) => {
      const [dy, y] = saved as [tf.Tensor, tf.Tensor];
      const g = ddx as tf.Tensor;
      return {
        dy: () => tf.mul(g, tf.mul(y, tf.sub(1, y))),
        y: () => tf.mul(tf.mul(g, dy), tf.sub(1, tf.mul(2, y))),
      };
    },
  });
}
