import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients, which tfjs-core alone does not
import { rules } from '../options/rules.js';
import { randomStreams } from '../random/random-streams.js';
import type { ModelWeight } from '../tfjs/weights/model-weight.js';
import { weightsOf } from '../tfjs/weights/weights-of.js';

/** A network with one hidden layer and a fixed batch, small enough for hundreds of steps a second. */
export interface ToyModel {
  /**
   * Two prunable kernels (`hidden/kernel` 6x8, `head/kernel` 8x3), their biases, and `counter`, which is not trained.
   */
  readonly weights: readonly ModelWeight[];
  /** Mean loss of the whole batch; a new node on every call. */
  readonly loss: () => tf.Scalar;
  /** Losses on the first examples one by one, as the session option wants them. */
  readonly exampleLosses: (count: number) => Iterable<() => tf.Scalar>;
  /** Frees the variables and the batch. */
  readonly dispose: () => void;
}

const examples = 12;
const inputs = 6;
const hidden = 8;
const classes = 3;

function normals(seed: number, name: string, shape: [number, number], scale: number): tf.Tensor2D {
  const random = randomStreams(seed, 0)(name);
  // The sum of 12 uniform numbers has variance 1 (Irwin and Hall).
  const draw = (): number => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
  return tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => draw() * scale),
    shape,
  );
}

function variableOf(initial: tf.Tensor, trainable = true): tf.Variable {
  const variable = tf.variable(initial, trainable);
  initial.dispose();
  return variable;
}

/**
 * A small classifier with data, the same in every process and on every backend.
 *
 * @param seed - Seed of weights and data, an integer ≥ 0.
 * @returns The model; dispose it after use.
 *
 * @example
 * ```ts
 * import { toyModel } from '@espalier/core/testing';
 *
 * const model = toyModel();
 * model.weights.map(weight => weight.name); // hidden/kernel, hidden/bias, head/kernel, head/bias, counter
 * model.dispose();
 * ```
 */
export function toyModel(seed = 1): ToyModel {
  rules.integer({ from: 0 })('seed', seed as never);
  const hiddenKernel = variableOf(normals(seed, 'hidden', [inputs, hidden], 0.5));
  const hiddenBias = variableOf(tf.zeros([hidden]));
  const headKernel = variableOf(normals(seed, 'head', [hidden, classes], 0.5));
  const headBias = variableOf(tf.zeros([classes]));
  const counter = variableOf(tf.zeros([2]), false);
  const images = normals(seed, 'images', [examples, inputs], 1);
  const labels = tf.tensor2d(Array.from({ length: examples }, (_, i) => [0, 1, 2].map(c => Number(c === i % classes))));

  const lossOf = (x: tf.Tensor2D, y: tf.Tensor2D): tf.Scalar => {
    const activations = tf.relu(tf.add(tf.matMul(x, hiddenKernel as tf.Tensor2D), hiddenBias)) as tf.Tensor2D;
    return tf.losses.softmaxCrossEntropy(y, tf.add(tf.matMul(activations, headKernel as tf.Tensor2D), headBias));
  };
  const weights = weightsOf({
    'hidden/kernel': hiddenKernel,
    'hidden/bias': hiddenBias,
    'head/kernel': headKernel,
    'head/bias': headBias,
    counter,
  });
  return {
    weights,
    loss: () => {
      counter.assign(tf.add(counter, 1)); // stands for moving statistics: changes at every forward pass
      return lossOf(images, labels);
    },
    exampleLosses: function* (count) {
      for (let i = 0; i < count; i++) {
        const row = i % examples;
        yield () => lossOf(tf.slice(images, [row, 0], [1, inputs]), tf.slice(labels, [row, 0], [1, classes]));
      }
    },
    dispose: () => tf.dispose([images, labels, ...weights.map(weight => weight.variable)]),
  };
}
