import { InvalidOptionError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Tensors } from '../batch.js';
import type { Judge } from '../output/judge.js';
import { outputs, valuesOf } from '../output/logits.js';
import { lossOf, wantedLogits } from '../output/score.js';
import { applied } from '../output/tensors-of.js';
import type { DistillationOptions } from './distillation-options.js';
import { relativeError } from './relative-error.js';
import { sameShapes, shown } from './same-shapes.js';
import { taughtOutput } from './taught-output.js';
import { requireNoOutput, requireSameFeatures, withFeatures } from './with-features.js';

/** How a step learns from a teacher. */
export interface Distillation {
  /** What the teacher says of a batch: its outputs, or logits, then features. The caller disposes of them. */
  taught(xs: Tensors): tf.Tensor[];
  /** The loss of a batch in training mode, without what regularizers ask for. */
  loss(xs: Tensors, ys: Tensors, taught: readonly tf.Tensor[]): tf.Scalar;
}

/**
 * Fits a teacher to the model that is judged.
 *
 * @throws {@link InvalidOptionError} if its inputs, its outputs or the features have other shapes, or if it is to teach
 *   an output that says nothing of classes.
 */
export function distillationOf(judge: Judge, options: DistillationOptions): Distillation {
  const { teacher, weight = 0.5, temperature = 2, features } = options;
  const { model: student } = judge;
  requireSameShapes('inputs', student.inputs, teacher.inputs);
  if (weight > 0) requireSameShapes('outputs', student.outputs, teacher.outputs);
  if (features) requireSameFeatures(student, teacher, features.layers);
  if (features && weight > 0) requireNoOutput(student, features.layers);
  const output = weight > 0 ? taughtOutput(judge, teacher) : undefined;
  const layers = features?.layers ?? [];
  const [own, taught] = [withFeatures(student, layers), withFeatures(teacher, layers)];
  const onLogits = judge.parts[0]?.loss.activation !== undefined;
  return {
    taught: xs => tf.tidy(() => valuesOf(taught.model, applied(teacher, xs), false, output ? [output.teacher] : [])),
    loss: (xs, ys, said) => {
      const wanted = output ? [output.student] : wantedLogits(judge);
      const values = valuesOf(own.model, applied(student, xs), true, wanted);
      const [first, ...rest] = values as [tf.Tensor, ...tf.Tensor[]];
      const judged = output && !onLogits ? [outputs(first, output.student), ...rest] : values;
      const terms: tf.Tensor[] = weight < 1 ? [tf.mul(lossOf(judge, judged, ys), 1 - weight)] : [];
      if (output) {
        const divergence = output.divergence(first, said[0] as tf.Tensor, temperature);
        terms.push(tf.mul(divergence, weight * temperature ** 2));
      }
      const errors = layers.map(name => relativeError(own.feature(values, name), taught.feature(said, name)));
      if (features) terms.push(tf.mul(tf.mean(tf.stack(errors)), features.weight ?? 1));
      return tf.addN(terms) as tf.Scalar;
    },
  };
}

function requireSameShapes(what: string, own: readonly SymbolicTensor[], taught: readonly SymbolicTensor[]): void {
  const [wanted, found] = [own.map(({ shape }) => shape), taught.map(({ shape }) => shape)];
  if (sameShapes(wanted, found)) return;
  throw new InvalidOptionError(
    'distillation.teacher',
    `a network with ${what} of ${shown(found)}`,
    `one with ${shown(wanted)}`,
  );
}
