import * as tf from '@tensorflow/tfjs-core';

/** What the gradients of a kernel with one input are computed from: dy, what was saved, the attributes. */
export type Gradient = (dy: tf.Tensor, saved: tf.Tensor, attributes: tf.NamedAttrMap) => tf.Tensor;

/** Whether the kernel covers a case. */
export type Covers = (saved: tf.Tensor, attributes: tf.NamedAttrMap) => boolean;

const replaced = new Set<string>();

/**
 * Lets the gradient of an operation with one input run as one kernel where the current backend has it and the data is
 * float32 and covered. Everywhere else the gradient that TensorFlow.js registered stays. Further calls do nothing.
 */
export function replaceGradient(
  operation: string,
  kernel: string,
  gradient: Gradient,
  covers: Covers = () => true,
): void {
  const own = tf.getGradient(operation) as tf.GradConfig | undefined;
  if (replaced.has(operation) || own === undefined) return;
  replaced.add(operation);
  tf.unregisterGradient(operation);
  tf.registerGradient({
    ...own,
    gradFunc: (dy, saved, attributes) => {
      const [first] = saved as [tf.Tensor];
      const covered = first.dtype === 'float32' && hasKernel(kernel) && covers(first, attributes);
      if (!covered) return own.gradFunc(dy, saved, attributes);
      return { x: () => gradient(dy as tf.Tensor, first, attributes) };
    },
  });
}

/** Whether the current backend has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}

/**
 * Gives a kernel that is linear in dy and steps from one branch to another in x its own gradients, so that it can be
 * differentiated once more: for dy by the same kernel, for x zeros.
 */
export function registerLinearGradient(kernelName: string): void {
  if (tf.getGradient(kernelName) != null) return;
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (ddx, saved, attributes) => {
      const [x] = saved as [tf.Tensor];
      return {
        dy: () => tf.engine().runKernel(kernelName, { dy: ddx as tf.Tensor, x }, attributes) as tf.Tensor,
        x: () => tf.zerosLike(x),
      };
    },
  });
}
