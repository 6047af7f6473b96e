import { InvalidOptionError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Tensors } from '../batch.js';
import { NoAccuracyError, NoDefaultLossError } from '../errors.js';
import { type Loss, sigmoidCrossEntropy, softmaxCrossEntropy } from '../loss.js';
import { type AnyLoss, isJoint, type JointLoss, lossesOf } from '../losses/losses.js';
import { type ModelOutput, modelOutput } from './model-output.js';
import { outputNamesOf } from './names.js';
import { requireModel } from './require-model.js';

/** The loss of one output. */
export interface Part {
  readonly name: string;
  readonly index: number;
  readonly output: ModelOutput;
  readonly loss: Loss;
  readonly weight: number;
}

/** Losses together with the model that they judge. */
export interface Judge {
  readonly model: LayersModel;
  /** What each output is. */
  readonly outputs: readonly ModelOutput[];
  /** Losses of outputs, which are added up; none if there is one over all outputs. */
  readonly parts: readonly Part[];
  readonly joint?: JointLoss['joint'];
}

/**
 * Finds the losses for a model: those that are given, or else the ones that its outputs ask for. Refuses where that
 * cannot be told, and losses that contradict an output.
 */
export function judgeOf(model: LayersModel, given: AnyLoss | undefined): Judge {
  requireModel(model);
  const outputs = model.outputs.map((_, index) => modelOutput(model, index));
  if (isJoint(given)) return { model, outputs, parts: [], joint: given.joint.bind(given) };
  const losses = given
    ? lossesOf(model, given)
    : outputs.map((output, index) => ({ index, loss: defaultLoss(model, index, output), weight: 1 }));
  const parts = losses.map(({ index, loss, weight }): Part => {
    const output = outputs[index] as ModelOutput;
    requireAgreement(loss, output);
    return { name: outputNamesOf(model)[index] ?? '', index, output, loss, weight };
  });
  return { model, outputs, parts };
}

function requireAgreement(loss: Loss, output: ModelOutput): void {
  const contradicts = loss.activation !== undefined && output.kind !== 'logits' && output.kind !== 'unknown';
  if (!contradicts || output.kind === loss.activation) return;
  const value = `a cross-entropy that contains a ${loss.activation}`;
  throw new InvalidOptionError('loss', value, `one for a model that ends in ${output.what}`);
}

function defaultLoss(model: LayersModel, index: number, { kind, what }: ModelOutput): Loss {
  const units = model.outputs[index]?.shape.at(-1);
  const its = model.outputs.length === 1 ? 'its output' : `its output "${outputNamesOf(model)[index]}"`;
  if (units == null) throw new NoDefaultLossError(`${its} has no fixed number of classes`);
  if (kind === 'unknown') throw new NoDefaultLossError(`${its} comes from ${what}`);
  if (kind === 'sigmoid' && units === 1) return sigmoidCrossEntropy();
  if (kind !== 'sigmoid' && units > 1) return softmaxCrossEntropy();
  throw new NoDefaultLossError(`${its} is ${units === 1 ? 'one value' : `${units} values`} of ${what}`);
}

/** Refuses outputs of which no class is the largest, where no metric is given. */
export function requireAccuracy(judge: Judge): void {
  if (canTellAccuracy(judge)) return;
  const { model, outputs } = judge;
  if (outputs.length > 1) throw new NoAccuracyError(model.outputs.map(({ shape }) => shape));
  const shape = model.outputs[0]?.shape ?? [];
  throw new NoAccuracyError([shape], shape.length === 2 ? outputs[0]?.what : undefined);
}

/** Whether there is one output, and a class of it is the largest. */
export function canTellAccuracy({ model, outputs, parts, joint }: Judge): boolean {
  const shape = model.outputs[0]?.shape ?? [];
  const binary = parts[0]?.loss.activation === 'sigmoid' || outputs[0]?.kind === 'sigmoid';
  const classes = shape.at(-1);
  return !joint && outputs.length === 1 && shape.length === 2 && classes != null && (classes > 1 || binary);
}

/** Labels that may have any form are given to a loss as they are. */
export const plain = (labels: Tensors): tf.Tensor => labels as tf.Tensor;

/** What a function of the caller gave; losses of TensorFlow.js have a shape of [] or [1]. */
export function scalar(option: string, value: unknown): tf.Scalar {
  if (value instanceof tf.Tensor && value.size === 1) return tf.reshape(value, []) as tf.Scalar;
  const what = value instanceof tf.Tensor ? `giving a tensor of [${value.shape.join(', ')}]` : `giving ${typeof value}`;
  throw new InvalidOptionError(option, what, 'a function that gives a scalar tensor');
}
