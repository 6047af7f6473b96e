import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers } from '@tensorflow/tfjs-layers';
import { replaceCall } from '../replace-call.js';
import type { ModelOutput } from './model-output.js';

/**
 * What a model computes before its final softmax or sigmoid; its output as it is where there is none. Where the
 * activation cannot be left out, the logits are made of the probabilities, whose smallest ones are then clipped.
 */
export function logits(model: LayersModel, xs: tf.Tensor, training: boolean, output: ModelOutput): tf.Tensor {
  const { kind, activation } = output;
  if (kind !== 'softmax' && kind !== 'sigmoid') return apply(model, xs, training);
  if (!activation) return kind === 'softmax' ? log(apply(model, xs, training)) : logit(apply(model, xs, training));
  const restore = withoutActivation(activation);
  try {
    return apply(model, xs, training);
  } finally {
    restore();
  }
}

/** Logits back into what the model gives. */
export function outputs(values: tf.Tensor, { kind }: ModelOutput): tf.Tensor {
  if (kind === 'softmax') return tf.softmax(values);
  return kind === 'sigmoid' ? tf.sigmoid(values) : values;
}

function apply(model: LayersModel, xs: tf.Tensor, training: boolean): tf.Tensor {
  return model.apply(xs, { training }) as tf.Tensor;
}

/** Replaces a layer's activation by none until the returned function is called. */
function withoutActivation(layer: layers.Layer): () => void {
  const changed = layer as layers.Layer & { activation?: unknown };
  if (layer.getClassName() !== 'Softmax') {
    const before = changed.activation;
    changed.activation = (layers.activation({ activation: 'linear' }) as typeof changed).activation;
    return () => {
      changed.activation = before;
    };
  }
  return replaceCall(
    layer,
    () => inputs => tf.tidy(() => tf.clone(Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs)),
  );
}

/** Least positive number that is told from 0 in the precision of the backend. */
const least = (): number => (tf.backend().floatPrecision() === 32 ? 1.2e-38 : 6.2e-5);

const log = (probabilities: tf.Tensor): tf.Tensor => tf.log(tf.maximum(probabilities, least()));

/** Probabilities next to 1 are told from it to 2^-24. */
function logit(probabilities: tf.Tensor): tf.Tensor {
  const gap = tf.backend().floatPrecision() === 32 ? 2 ** -24 : 2 ** -11;
  return tf.sub(log(probabilities), tf.log(tf.maximum(tf.sub(1, probabilities), gap)));
}
