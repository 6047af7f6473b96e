import * as tf from '@tensorflow/tfjs-core';

/** ReLU's gradient in one pass. Inputs dy, x; output dx. */
export const RELU_GRADIENT = 'EspalierReluGrad';

let replaced = false;

/**
 * Lets ReLU's gradient run as one kernel where the current backend has it, instead of Step, Cast and Multiply. All
 * other backends keep the gradient that TensorFlow.js registered.
 */
export function replaceReluGradient(): void {
  const own = tf.getGradient('Relu') as tf.GradConfig | undefined;
  if (replaced || own === undefined) return;
  replaced = true;
  tf.unregisterGradient('Relu');
  tf.registerGradient({
    ...own,
    gradFunc: (dy, saved, attributes) => {
      const [x] = saved as [tf.Tensor];
      if (tf.getKernel(RELU_GRADIENT, tf.getBackend()) == null || x.dtype !== 'float32')
        return own.gradFunc(dy, saved, attributes);
      return { x: () => tf.engine().runKernel(RELU_GRADIENT, { dy: dy as tf.Tensor, x }) as tf.Tensor };
    },
  });
}
