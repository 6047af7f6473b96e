import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean Kullback-Leibler divergence, in nats, of the student's softened distribution from the teacher's, over all places
 * that have one. The last axis is that of the classes.
 */
export function softmaxDivergence(student: tf.Tensor, teacher: tf.Tensor, temperature: number): tf.Scalar {
  const [own, taught] = [student, teacher].map(logits => tf.logSoftmax(tf.div(logits, temperature)));
  return meanOfSums(tf.mul(tf.exp(taught as tf.Tensor), tf.sub(taught as tf.Tensor, own as tf.Tensor)));
}

/** The same where each unit says yes or no by itself: summed over the units. */
export function sigmoidDivergence(student: tf.Tensor, teacher: tf.Tensor, temperature: number): tf.Scalar {
  const [own, taught] = [student, teacher].map(logits => tf.div(logits, temperature)) as [tf.Tensor, tf.Tensor];
  const yes = tf.mul(tf.sigmoid(taught), tf.sub(logSigmoid(taught), logSigmoid(own)));
  const [notOwn, notTaught] = [tf.neg(own), tf.neg(taught)];
  const no = tf.mul(tf.sigmoid(notTaught), tf.sub(logSigmoid(notTaught), logSigmoid(notOwn)));
  return meanOfSums(tf.add(yes, no));
}

/** That of TensorFlow.js needs Softplus, which WASM lacks. */
const logSigmoid = (x: tf.Tensor): tf.Tensor => tf.sub(tf.minimum(x, 0), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));

const meanOfSums = (each: tf.Tensor): tf.Scalar => tf.mean(tf.sum(each, -1)) as tf.Scalar;
