import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../batch.js';
import type { PlacedMetric } from '../metric.js';
import { type Judge, plain, scalar } from './judge.js';
import { outputs, valuesOf } from './logits.js';
import type { ModelOutput } from './model-output.js';
import { outputNamesOf } from './names.js';
import { applied, tensorAt } from './tensors-of.js';

/** The loss of a batch in training mode, without what regularizers ask for. */
export function trainingLoss(judge: Judge, xs: Tensors, ys: Tensors): tf.Scalar {
  return lossOf(judge, computed(judge, xs, true), ys);
}

/** The loss of a batch in inference mode. */
export function inferenceLoss(judge: Judge, xs: Tensors, ys: Tensors): tf.Scalar {
  return lossOf(judge, computed(judge, xs, false), ys);
}

/** What an evaluation tells of a batch besides its loss. */
export interface Asked {
  /** In the place of accuracy. */
  readonly metric: PlacedMetric | undefined;
  readonly metrics: readonly PlacedMetric[];
  /** Whether the examples that are right are counted. */
  readonly accuracy: boolean;
}

/** Loss, number of right examples and sums of the metrics of a batch, in inference mode. */
export function score(judge: Judge, asked: Asked, xs: Tensors, ys: Tensors): tf.Tensor1D {
  const values = computed(judge, xs, false);
  const cost = lossOf(judge, values, ys);
  const examples = values[0]?.shape[0] ?? 0;
  const of = ({ name, index, metric }: PlacedMetric): tf.Tensor =>
    tf.mul(scalar(name, metric(shown(judge, values, index), labelsOf(judge, ys, index))), examples);
  const [first] = values;
  const right = (): tf.Scalar =>
    first && asked.accuracy ? countRight(first, labelsOf(judge, ys, 0), thresholdOf(judge)) : tf.scalar(Number.NaN);
  return tf.stack([cost, asked.metric ? of(asked.metric) : right(), ...asked.metrics.map(of)]) as tf.Tensor1D;
}

/** One tensor for each output: logits where the loss is one on logits. */
function computed(judge: Judge, xs: Tensors, training: boolean): tf.Tensor[] {
  return valuesOf(judge.model, applied(judge.model, xs), training, wantedLogits(judge));
}

/** For each output what it is if its loss wants logits, else `undefined`. */
export function wantedLogits({ outputs: kinds, parts }: Judge): (ModelOutput | undefined)[] {
  const onLogits = new Set(parts.filter(({ loss }) => loss.activation !== undefined).map(({ index }) => index));
  return kinds.map((output, index) => (onLogits.has(index) ? output : undefined));
}

/** The loss of what a model gives. */
export function lossOf(judge: Judge, values: readonly tf.Tensor[], ys: Tensors): tf.Scalar {
  if (judge.joint) return scalar('loss', judge.joint(values, ys));
  const costs = judge.parts.map(({ name, index, loss, weight }) => {
    const option = judge.outputs.length === 1 ? 'loss' : `loss.${name}`;
    const cost = scalar(option, loss(values[index] as tf.Tensor, labelsOf(judge, ys, index)));
    return weight === 1 ? cost : tf.mul(cost, weight);
  });
  return costs.reduce((sum, cost) => tf.add(sum, cost)) as tf.Scalar;
}

/** The labels of an output; those of a model of one output may have any form. */
function labelsOf({ model, outputs: { length } }: Judge, ys: Tensors, index: number): tf.Tensor {
  const found = tensorAt(ys, outputNamesOf(model)[index] ?? '', index, length);
  return length === 1 && (!found || Object.values(ys).length > 1) ? plain(ys) : plain(found ?? ys);
}

/** What the model gives at an output, as metrics want it. */
function shown({ outputs: kinds, parts }: Judge, values: readonly tf.Tensor[], index: number): tf.Tensor {
  const [value, kind] = [values[index] as tf.Tensor, kinds[index]];
  const onLogits = parts.some(part => part.index === index && part.loss.activation !== undefined);
  return onLogits && kind ? outputs(value, kind) : value;
}

/** Above it a single unit means the second class: 0 for a logit, 1/2 for a probability. */
function thresholdOf({ parts }: Judge): number {
  return parts[0]?.loss.activation === 'sigmoid' ? 0 : 0.5;
}

function countRight(values: tf.Tensor, labels: tf.Tensor, threshold: number): tf.Scalar {
  const [examples = 0, classes = 1] = values.shape;
  const rows = labels.shape.join() === values.shape.join();
  const indices = (): tf.Tensor => tf.cast(tf.reshape(labels, [examples]), 'int32');
  const right =
    classes === 1
      ? tf.equal(tf.greater(tf.reshape(values, [examples]), threshold), tf.greater(tf.reshape(labels, [examples]), 0.5))
      : tf.equal(tf.argMax(values, -1), rows ? tf.argMax(labels, -1) : indices());
  return tf.sum(tf.cast(right, 'float32')) as tf.Scalar;
}
