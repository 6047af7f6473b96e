import { InvalidOptionError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { NoAccuracyError, NoDefaultLossError } from '../errors.js';
import { type Loss, sigmoidCrossEntropy, softmaxCrossEntropy } from '../loss.js';
import type { Metric } from '../metric.js';
import { logits, outputs } from './logits.js';
import { type ModelOutput, modelOutput } from './model-output.js';

/** A loss together with the model that it judges. */
export interface Judge {
  readonly model: LayersModel;
  readonly output: ModelOutput;
  readonly loss: Loss;
}

/**
 * Finds the loss for a model: the one that is given, or else the one that its output asks for. Refuses where that
 * cannot be told, and losses that contradict the output.
 */
export function judgeOf(model: LayersModel, given: Loss | undefined): Judge {
  requireModel(model);
  const output = modelOutput(model);
  const loss = given ?? defaultLoss(model, output);
  const contradicts = loss.activation !== undefined && output.kind !== 'logits' && output.kind !== 'unknown';
  if (contradicts && output.kind !== loss.activation) {
    const value = `a cross-entropy that contains a ${loss.activation}`;
    throw new InvalidOptionError('loss', value, `one for a model that ends in ${output.what}`);
  }
  return { model, output, loss };
}

function defaultLoss(model: LayersModel, { kind, what }: ModelOutput): Loss {
  const units = model.outputs[0]?.shape.at(-1);
  if (units == null) throw new NoDefaultLossError('its output has no fixed number of classes');
  if (kind === 'unknown') throw new NoDefaultLossError(`its output comes from ${what}`);
  if (kind === 'sigmoid' && units === 1) return sigmoidCrossEntropy();
  if (kind !== 'sigmoid' && units > 1) return softmaxCrossEntropy();
  throw new NoDefaultLossError(`its output is ${units === 1 ? 'one value' : `${units} values`} of ${what}`);
}

/** The loss of a batch in training mode, without what regularizers ask for. */
export function trainingLoss({ model, output, loss }: Judge, xs: tf.Tensor, ys: tf.Tensor): tf.Scalar {
  return scalar('loss', loss(inputOf({ model, output, loss }, xs, true), ys));
}

/** Loss and number of right examples of a batch in inference mode. */
export function score(judge: Judge, metric: Metric | undefined, xs: tf.Tensor, ys: tf.Tensor): tf.Tensor1D {
  const { output, loss } = judge;
  const values = inputOf(judge, xs, false);
  const cost = scalar('loss', loss(values, ys));
  const given = (): tf.Tensor => (loss.activation === undefined ? values : outputs(values, output));
  const fraction = (): tf.Tensor => tf.mul(scalar('metric', metric?.(given(), ys)), xs.shape[0] ?? 0);
  return tf.stack([cost, metric ? fraction() : countRight(values, ys, thresholdOf(judge))]) as tf.Tensor1D;
}

/** Refuses outputs of which no class is the largest, where no metric is given. */
export function requireAccuracy({ model, output, loss }: Judge): void {
  const shape = model.outputs[0]?.shape ?? [];
  const binary = loss.activation === 'sigmoid' || output.kind === 'sigmoid';
  const classes = shape.at(-1);
  if (shape.length === 2 && classes != null && (classes > 1 || binary)) return;
  throw new NoAccuracyError(shape, shape.length === 2 ? output.what : undefined);
}

function inputOf({ model, output, loss }: Judge, xs: tf.Tensor, training: boolean): tf.Tensor {
  return loss.activation === undefined
    ? (model.apply(xs, { training }) as tf.Tensor)
    : logits(model, xs, training, output);
}

/** Above it a single unit means the second class: 0 for a logit, 1/2 for a probability. */
function thresholdOf({ loss }: Judge): number {
  return loss.activation === 'sigmoid' ? 0 : 0.5;
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

/** What a function of the caller gave; losses of TensorFlow.js have a shape of [] or [1]. */
function scalar(option: string, value: unknown): tf.Scalar {
  if (value instanceof tf.Tensor && value.size === 1) return tf.reshape(value, []) as tf.Scalar;
  const what = value instanceof tf.Tensor ? `giving a tensor of [${value.shape.join(', ')}]` : `giving ${typeof value}`;
  throw new InvalidOptionError(option, what, 'a function that gives a scalar tensor');
}

/** Refuses what is no model with one input and one output. */
export function requireModel(model: LayersModel): void {
  const { inputs, outputs: ends } = (model ?? {}) as Partial<LayersModel>;
  if (!Array.isArray(inputs) || !Array.isArray(ends) || typeof model.apply !== 'function') {
    throw new InvalidOptionError('model', model, 'a LayersModel of TensorFlow.js');
  }
  if (ends.length !== 1) {
    throw new InvalidOptionError('model', `a model with ${ends.length} outputs`, 'a model with one output');
  }
  if (inputs.length !== 1) {
    throw new InvalidOptionError('model', `a model with ${inputs.length} inputs`, 'a model with one input');
  }
}
