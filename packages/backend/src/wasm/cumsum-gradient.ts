import * as tf from '@tensorflow/tfjs-core';

let replaced = false;

/** Lets the gradient of `tf.cumsum` take a negative axis, at which TensorFlow.js' own throws on every backend. */
export function replaceCumsumGradient(): void {
  const own = tf.getGradient('Cumsum') as tf.GradConfig | undefined;
  if (replaced || own === undefined) return;
  replaced = true;
  tf.unregisterGradient('Cumsum');
  tf.registerGradient({
    ...own,
    gradFunc: (dy, saved, attributes) => {
      const [axis = 0] = tf.util.parseAxisParam(attributes.axis as number, (saved[0] as tf.Tensor).shape);
      return own.gradFunc(dy, saved, { ...attributes, axis });
    },
  });
}
