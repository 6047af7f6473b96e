import { ShapeMismatchError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';

/** Labels in the shape of the outputs. */
export function likeOutputs(labels: tf.Tensor, { shape, size }: tf.Tensor): tf.Tensor {
  const fits = labels.shape.join() === shape.join() || (shape.at(-1) === 1 && labels.size === size);
  if (!fits) throw new ShapeMismatchError('tensor of labels', labels.shape, shape);
  return tf.cast(tf.reshape(labels, shape), 'float32');
}
