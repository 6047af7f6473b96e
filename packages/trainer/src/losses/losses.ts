import { InvalidOptionError } from '@espalier/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Tensors } from '../batch.js';
import type { Loss } from '../loss.js';
import { outputNamesOf } from '../output/names.js';

/** The loss of one of several outputs. */
export interface WeightedLoss {
  /** Loss of the output. */
  readonly loss: Loss;
  /**
   * Its factor in the sum, at least 0.
   *
   * @defaultValue 1
   */
  readonly weight?: number | undefined;
}

/** A loss of your own over all outputs at once, and over labels of any form. */
export interface JointLoss {
  /**
   * Mean loss of a batch as a scalar, differentiable in `outputs`.
   *
   * @param outputs - What the model gives, in the order of its outputs.
   * @param labels - Those of the {@link Batch}.
   */
  joint(outputs: readonly tf.Tensor[], labels: Tensors): tf.Scalar;
}

/** Losses of outputs by their names, added up; an output that is not named has none. */
export interface OutputLosses {
  readonly [output: string]: Loss | WeightedLoss;
}

/** What {@link train} and {@link evaluate} take for a loss. */
export type AnyLoss = Loss | OutputLosses | JointLoss;

/** The loss of an output, with its factor. */
export interface GivenLoss {
  readonly index: number;
  readonly loss: Loss;
  readonly weight: number;
}

/** Whether a loss is one over all outputs. */
export function isJoint(loss: AnyLoss | undefined): loss is JointLoss {
  return (
    typeof loss === 'object' && loss !== null && typeof loss.joint === 'function' && Object.keys(loss).length === 1
  );
}

/** Takes losses apart by outputs; refuses names that no output has, and factors that are no numbers from 0. */
export function lossesOf(model: LayersModel, given: Loss | OutputLosses): GivenLoss[] {
  const names = outputNamesOf(model);
  if (typeof given === 'function') {
    if (names.length === 1) return [{ index: 0, loss: given, weight: 1 }];
    const expected = `an object with a loss for each of the outputs ${names.join(', ')}, or { joint: function of all of them }`;
    throw new InvalidOptionError('loss', `one loss for ${names.length} outputs`, expected);
  }
  const entries = Object.entries(given);
  if (entries.length === 0) throw new InvalidOptionError('loss', given, 'a loss for at least one output');
  return entries.map(([name, value]) => {
    const index = names.indexOf(name);
    if (index < 0) throw new InvalidOptionError(`loss.${name}`, name, `the name of an output: ${names.join(', ')}`);
    const { loss, weight = 1 } = typeof value === 'function' ? { loss: value } : (value ?? {});
    if (typeof loss !== 'function') {
      throw new InvalidOptionError(`loss.${name}`, value, 'a function of outputs and labels, or { loss, weight }');
    }
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw new InvalidOptionError(`loss.${name}.weight`, weight, 'a number of at least 0');
    }
    return { index, loss, weight };
  });
}
