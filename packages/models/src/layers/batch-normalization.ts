import * as tf from '@tensorflow/tfjs-layers';

/**
 * Batch normalization with PyTorch's defaults: epsilon 1e-5, and moving statistics that keep 0.9 of the old value
 * (PyTorch calls this momentum 0.1).
 */
export function normalization(name: string): tf.layers.Layer {
  return tf.layers.batchNormalization({ name, epsilon: 1e-5, momentum: 0.9 });
}
