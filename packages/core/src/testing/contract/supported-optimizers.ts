import * as tf from '@tensorflow/tfjs-core';

/**
 * Every kind of optimizer that a session supports, by name; each call makes a new one.
 *
 * @example
 * ```ts
 * import { supportedOptimizers } from '@espalier/core/testing';
 *
 * Object.keys(supportedOptimizers); // sgd, momentum, nesterov, adam, …
 * ```
 */
export const supportedOptimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  nesterov: () => tf.train.momentum(0.05, 0.9, true),
  adam: () => tf.train.adam(0.01),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
  rmsprop: () => tf.train.rmsprop(0.01),
  rmspropMomentum: () => tf.train.rmsprop(0.01, 0.9, 0.9),
};
