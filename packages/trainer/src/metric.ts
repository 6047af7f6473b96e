import type * as tf from '@tensorflow/tfjs-core';

/**
 * Fraction of a batch that is right, as a scalar in [0, 1]: for outputs of which accuracy cannot be told, such as those
 * of detectors and sequences. `outputs` are what the model gives, `labels` those of the {@link Batch}.
 */
export type Metric = (outputs: tf.Tensor, labels: tf.Tensor) => tf.Scalar;
