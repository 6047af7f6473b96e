import * as tf from '@tensorflow/tfjs-core';
import { InvalidOptionError } from '../../errors/option-errors.js';
import { checkOptions } from '../../options/check-options.js';
import type { OptionRule } from '../../options/option-rule.js';
import { rules } from '../../options/rules.js';
import type { ModelWeight } from '../weights/model-weight.js';

/** Coupled weight decay (L2): `rate · w` is added to the gradient of `w`, as PyTorch's `weight_decay` does. */
export interface WeightDecay {
  /** Added multiple of the weight, a finite number ≥ 0. */
  readonly rate: number;
  /**
   * Whether biases decay too.
   *
   * @defaultValue false
   */
  readonly biases?: boolean | undefined;
  /**
   * Whether parameters of normalization layers decay too.
   *
   * @defaultValue false
   */
  readonly normalization?: boolean | undefined;
}

/** Gradient with the decay of its weight added. */
export type Decay = (weight: ModelWeight, gradient: tf.Tensor) => tf.Tensor;

const rate = rules.number({ from: 0 });

/** Refuses what is neither a rate nor a {@link WeightDecay}. */
export const weightDecayRule: OptionRule = (option, value: unknown) => {
  if (typeof value === 'number') return rate(option, value as never);
  if (typeof value !== 'object' || value === null) {
    throw new InvalidOptionError(
      option,
      value,
      'a number of at least 0, or an object such as { rate: 1e-4, biases: true }',
    );
  }
  const flag = rules.optional(rules.boolean);
  checkOptions<WeightDecay>(value, { rate, biases: flag, normalization: flag }, option);
};

/** Whether the option makes the weight decay. */
export function decays({ role }: ModelWeight, option: number | WeightDecay | undefined): boolean {
  if (option === undefined) return false;
  const { rate, biases = false, normalization = false } = typeof option === 'number' ? { rate: option } : option;
  return rate > 0 && (role !== 'bias' || biases) && (role !== 'normalization' || normalization);
}

/** The rule that an option stands for, or undefined if nothing decays. */
export function decayOf(option: number | WeightDecay | undefined): Decay | undefined {
  const rate = typeof option === 'object' ? option.rate : (option ?? 0);
  if (rate === 0) return undefined;
  return (weight, gradient) => {
    return decays(weight, option) ? tf.add(gradient, tf.mul(weight.variable, rate)) : gradient;
  };
}
