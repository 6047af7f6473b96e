import * as tf from '@tensorflow/tfjs-core';
import type { Make, Random } from './random.js';

/** Something to compute on two backends. */
export interface Case {
  /** What it is, with everything that was chosen at random. */
  readonly name: string;
  readonly compute: () => tf.Tensor | tf.Tensor[];
  /** The same by other means, where `cpu` itself is wrong. */
  readonly reference?: () => tf.Tensor | tf.Tensor[];
  /** Largest difference, relative to the largest value or 1. */
  readonly tolerance?: number;
}

/** Makes one case of a family from random choices. */
export type Family = (random: Random) => Case;

/** Says choices in one line. */
export const say = (choices: object): string =>
  JSON.stringify(choices, (_, value) =>
    value === undefined ? 'none' : typeof value === 'bigint' ? String(value) : value,
  );

/** A fixed gradient to feed back, of any shape. */
export function feedback(shape: readonly number[]): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + 1)),
    [...shape],
  );
}

/** The value of `f` and its gradients for all inputs. */
export function withGradients(inputs: readonly Make[], f: (...inputs: tf.Tensor[]) => tf.Tensor): tf.Tensor[] {
  const tensors = inputs.map(make => make());
  const y = f(...tensors);
  return [y, ...tf.grads(f)(tensors, feedback(y.shape))];
}
