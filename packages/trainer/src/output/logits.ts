import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers } from '@tensorflow/tfjs-layers';
import { replaceCall } from '../replace-call.js';
import type { ModelOutput } from './model-output.js';

/**
 * What a model gives, one tensor for each output; for outputs of which the logits are wanted, what it computes before
 * their final softmax or sigmoid. Where an activation cannot be left out, logits are made of the probabilities, whose
 * smallest ones are then clipped.
 *
 * @param wanted - For each output what it is if its logits are wanted, else `undefined`.
 */
export function valuesOf(
  model: LayersModel,
  xs: tf.Tensor | tf.Tensor[],
  training: boolean,
  wanted: readonly (ModelOutput | undefined)[],
): tf.Tensor[] {
  const bounded = (output: ModelOutput | undefined): boolean =>
    output?.kind === 'softmax' || output?.kind === 'sigmoid';
  const taken = new Set(wanted.flatMap(output => (bounded(output) && output?.activation ? [output.activation] : [])));
  const restore = [...taken].map(withoutActivation);
  try {
    const values = [model.apply(xs, { training }) as tf.Tensor | tf.Tensor[]].flat();
    return values.map((value, index) => {
      const output = wanted[index];
      if (!bounded(output) || output?.activation) return value;
      return output?.kind === 'softmax' ? log(value) : logit(value);
    });
  } finally {
    for (const undo of restore) undo();
  }
}

/** Logits back into what the model gives. */
export function outputs(values: tf.Tensor, { kind }: ModelOutput): tf.Tensor {
  if (kind === 'softmax') return tf.softmax(values);
  return kind === 'sigmoid' ? tf.sigmoid(values) : values;
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
