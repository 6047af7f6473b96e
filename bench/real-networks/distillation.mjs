/**
 * Knowledge distillation (Hinton et al. 2015, arXiv:1503.02531, section 2): the student also learns the softened
 * distribution of the dense network that was fine-tuned on the same task with the same seed.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Weight of the teacher's distribution in the loss, and what both networks' logits are divided by. */
export const distillation = { weight: 0.7, temperature: 2 };

/** Labels and the teacher's logits side by side, as one tensor `[examples, 1 + classes]`. */
export function withTeacher(teacher, { xs, ys }) {
  const labels = tf.tidy(() =>
    tf.concat([tf.expandDims(tf.cast(ys, 'float32'), 1), teacher.predict(xs, { batchSize: xs.shape[0] })], 1),
  );
  ys.dispose();
  return { xs, ys: labels };
}

/** The loss for what {@link withTeacher} gives; `hard` is that of the labels alone. */
export function distilled(hard) {
  const { weight, temperature } = distillation;
  return (logits, labels) =>
    tf.tidy(() => {
      const [indices, taught] = tf.split(labels, [1, logits.shape[1]], 1);
      const target = tf.softmax(tf.div(taught, temperature));
      const soft = tf.losses.softmaxCrossEntropy(target, tf.div(logits, temperature));
      const own = hard(logits, tf.cast(tf.squeeze(indices, [1]), 'int32'));
      // Times the square of the temperature, since softened logits have gradients smaller by that factor.
      return tf.add(tf.mul(own, 1 - weight), tf.mul(soft, weight * temperature ** 2));
    });
}
