import * as tf from '@tensorflow/tfjs-core';
import { InvalidOptionError } from '../errors/option-errors.js';
import type { ModelWeight } from './model-weight.js';

/** Coupled weight decay (L2): `rate · w` is added to the gradient of `w`, as PyTorch's `weight_decay` does. */
export interface WeightDecay {
  /** Added multiple of the weight, a finite number ≥ 0. */
  readonly rate: number;
  /**
   * Whether biases decay too.
   *
   * @defaultValue false
   */
  readonly biases?: boolean;
  /**
   * Whether parameters of normalisation layers decay too.
   *
   * @defaultValue false
   */
  readonly normalization?: boolean;
}

/** Gradient with the decay of its weight added. */
export type Decay = (weight: ModelWeight, gradient: tf.Tensor) => tf.Tensor;

/** The rule that an option stands for, or undefined if nothing decays. */
export function decayOf(option: number | WeightDecay | undefined): Decay | undefined {
  if (option === undefined) return undefined;
  const { rate, biases = false, normalization = false } = typeof option === 'number' ? { rate: option } : option;
  if (!(Number.isFinite(rate) && rate >= 0)) throw new InvalidOptionError('weightDecay', rate, 'a finite number ≥ 0');
  if (rate === 0) return undefined;
  return ({ role, variable }, gradient) => {
    if ((role === 'bias' && !biases) || (role === 'normalization' && !normalization)) return gradient;
    return tf.add(gradient, tf.mul(variable, rate));
  };
}
