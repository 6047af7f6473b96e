import { type Cadence, type OptionRules, requireSchedule, requireSparsity, rules, type Schedule } from '@espalier/core';
import { requireInitialThreshold, requireThresholdDecay } from './requirements.js';
import { type ThresholdFunction, thresholdRules } from './threshold-function.js';

/** Options of {@link softThreshold}. */
export interface SoftThresholdOptions {
  /**
   * Position (step) after which the result is baked: the shrunk weights become the weights, their zeros the masks, and
   * training goes on with those masks. An integer ≥ 0. The paper trains to the very end: the last position.
   */
  readonly end: number;
  /**
   * `s` of every layer before the first step, a finite number. For small datasets about −100: with −3200 the thresholds
   * of a short training never leave the flat region; {@link predictThreshold} tells.
   *
   * @defaultValue −3200
   * @see Kusupati et al. 2020: −3200 for ResNet-50, −12800 for MobileNetV1, on ImageNet.
   */
  readonly initialThreshold?: number | undefined;
  /**
   * Coupled decay of every `s`, a finite number ≥ 0: this multiple of `s` is added to its gradient, before momentum. In
   * the paper it equals the weight decay and is what decides the final sparsity, so set the session's `weightDecay` to
   * the same number. For small datasets 5e-4 or more.
   *
   * @defaultValue 2.251757813e-5
   * @see The configuration of ResNet-50 at 90.23 % in the paper's code; 3.751757813e-5 for MobileNetV1 at 89.01 %.
   */
  readonly thresholdDecay?: number | undefined;
  /**
   * What makes a threshold of `s`.
   *
   * @defaultValue 'sigmoid'
   */
  readonly thresholdFunction?: ThresholdFunction | undefined;
  /**
   * Turns the controller on: exactly this overall fraction of prunable entries is masked when the result is baked, in
   * [0, 1).
   *
   * @defaultValue none: training decides the sparsity, and the method promises none
   */
  readonly sparsity?: number | undefined;
  /**
   * Positions at which the controller moves the thresholds: `start`, then `every` so many steps, and always `end`.
   * Needs `sparsity`.
   *
   * @defaultValue `{ start: 0, every: 100 }`
   */
  readonly cadence?: Pick<Cadence, 'start' | 'every'> | undefined;
  /**
   * Overall sparsity by position that the controller follows; its value at `end` must be `sparsity`, which it needs.
   *
   * @defaultValue the cubic `polynomial` from 0 at `cadence.start` to `sparsity` at `end`
   */
  readonly schedule?: Schedule | undefined;
}

const { object, oneOf, optional, steps } = rules;

/** What each of them must be by itself. */
export const softThresholdRules: OptionRules<SoftThresholdOptions> = {
  end: steps({ from: 0 }),
  initialThreshold: optional(requireInitialThreshold),
  thresholdDecay: optional(requireThresholdDecay),
  thresholdFunction: optional(oneOf(...Object.keys(thresholdRules))),
  sparsity: optional(requireSparsity),
  cadence: optional(object<Pick<Cadence, 'start' | 'every'>>({ start: steps({ from: 0 }), every: steps({ from: 1 }) })),
  schedule: optional(requireSchedule),
};
