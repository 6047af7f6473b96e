import { InvalidOptionError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Tensors } from '../batch.js';
import type { Judge } from '../output/judge.js';
import { outputs, valuesOf } from '../output/logits.js';
import { lossOf, wantedLogits } from '../output/score.js';
import { type Shape, sameShapes, shown } from '../output/shapes.js';
import { applied } from '../output/tensors-of.js';
import type { DistillationOptions } from './distillation-options.js';
import { featureLayers, observing } from './features.js';
import { relativeError } from './relative-error.js';
import { taughtOutput } from './taught-output.js';

/** How a step learns from a teacher. */
export interface Distillation {
  /** What the teacher says of a batch: logits, if they are learned, then features. The caller disposes of them. */
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
  const pairs = features ? featureLayers(student, teacher, features.layers) : [];
  const output = weight > 0 ? taughtOutput(judge, teacher) : undefined;
  const onLogits = judge.parts[0]?.loss.activation !== undefined;
  const own = pairs.map(([layer]) => layer);
  const taught = pairs.map(([, layer]) => layer);
  return {
    taught: xs =>
      tf.tidy(() => {
        const said = (): tf.Tensor[] => valuesOf(teacher, applied(teacher, xs), false, output ? [output.teacher] : []);
        const { result, seen } = observing(taught, said);
        return [...(output ? result : []), ...seen];
      }),
    loss: (xs, ys, said) => {
      const wanted = output ? [output.student] : wantedLogits(judge);
      const { result, seen } = observing(own, () => valuesOf(student, applied(student, xs), true, wanted));
      try {
        const [first, ...rest] = result as [tf.Tensor, ...tf.Tensor[]];
        const judged = output && !onLogits ? [outputs(first, output.student), ...rest] : result;
        const terms: tf.Tensor[] = weight < 1 ? [tf.mul(lossOf(judge, judged, ys), 1 - weight)] : [];
        if (output) {
          const divergence = output.divergence(first, said[0] as tf.Tensor, temperature);
          terms.push(tf.mul(divergence, weight * temperature ** 2));
        }
        const targets = said.slice(output ? 1 : 0);
        const errors = seen.map((feature, i) => relativeError(feature, targets[i] as tf.Tensor));
        if (features) terms.push(tf.mul(tf.mean(tf.stack(errors)), features.weight ?? 1));
        return tf.addN(terms) as tf.Scalar;
      } finally {
        tf.dispose(seen);
      }
    },
  };
}

function requireSameShapes(what: string, own: readonly SymbolicTensor[], taught: readonly SymbolicTensor[]): void {
  const [wanted, found] = [own.map(({ shape }) => shape), taught.map(({ shape }) => shape)];
  if (sameShapes(wanted, found)) return;
  const all = (shapes: readonly Shape[]): string => shapes.map(shown).join(' and ');
  throw new InvalidOptionError(
    'distillation.teacher',
    `a network with ${what} of ${all(found)}`,
    `one with ${all(wanted)}`,
  );
}
