import { checkOptions, constant, InvalidOptionError, rules, type Schedule } from '@espalier/core';
import { paperInitialThreshold, paperThresholdDecay } from './defaults.js';
import { requireInitialThreshold, requireThresholdDecay } from './requirements.js';

/** Options of {@link predictThreshold}. */
export interface PredictThresholdOptions {
  /** Optimizer steps, an integer ≥ 0. */
  readonly steps: number;
  /** Learning rate by position, or one for all positions, a number ≥ 0. */
  readonly learningRate: number | Schedule;
  /**
   * Momentum of the optimizer, in [0, 1).
   *
   * @defaultValue 0, plain stochastic gradient descent
   */
  readonly momentum?: number | undefined;
  /**
   * `s` before the first step, a finite number.
   *
   * @defaultValue −3200, as for {@link softThreshold}
   */
  readonly initialThreshold?: number | undefined;
  /**
   * Coupled decay of `s`, a finite number ≥ 0.
   *
   * @defaultValue 2.251757813e-5, as for {@link softThreshold}
   */
  readonly thresholdDecay?: number | undefined;
}

/**
 * The path of a threshold that only its decay moves. Below about −20 the data's gradient with respect to `s` is 0 or
 * close to it, so this tells before a run whether and when thresholds come alive: a run whose path stays below −20
 * prunes nothing.
 *
 * Holds for stochastic gradient descent with and without momentum, as TensorFlow.js and PyTorch compute it (not
 * Nesterov; Adam scales the decay away). Without momentum and at a constant rate it is `s₀ (1 − rate · decay)^n`; with
 * momentum roughly `s₀ exp(−decay / (1 − momentum) · Σ rate)`.
 *
 * Source: the update rule; Kusupati et al. 2020, {@link https://arxiv.org/abs/2002.03231}, starts in that region on
 * purpose.
 *
 * @param options - Length and settings of the run.
 * @returns `s` before each step and after the last, `steps + 1` values.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example CIFAR-10 for 160 epochs: the paper's ImageNet settings never come alive, those for small data do.
 * ```ts
 * import { predictThreshold } from '@espalier/prune-str';
 *
 * const run = { steps: 160 * 391, learningRate: 0.1, momentum: 0.9 };
 * predictThreshold(run).at(-1); // -782
 * const small = predictThreshold({ ...run, initialThreshold: -100, thresholdDecay: 5e-4 });
 * small.findIndex(s => s > -5) / 391; // 15.3, in epochs
 * ```
 */
export function predictThreshold(options: PredictThresholdOptions): Float64Array {
  checkOptions<PredictThresholdOptions>(options, {
    steps: rules.integer({ from: 0 }),
    learningRate: rules.anything,
    momentum: rules.optional(rules.number({ from: 0, below: 1 })),
    initialThreshold: rules.optional(requireInitialThreshold),
    thresholdDecay: rules.optional(requireThresholdDecay),
  });
  const { steps, momentum = 0 } = options;
  const { initialThreshold = paperInitialThreshold, thresholdDecay = paperThresholdDecay } = options;
  const rate = scheduleOf(options.learningRate);
  const path = new Float64Array(steps + 1);
  let [s, velocity] = [initialThreshold, 0];
  path[0] = s;
  for (let position = 0; position < steps; position++) {
    velocity = momentum * velocity + thresholdDecay * s;
    s -= rate(position) * velocity;
    path[position + 1] = s;
  }
  return path;
}

function scheduleOf(rate: number | Schedule): Schedule {
  if (typeof rate === 'function') return rate;
  if (Number.isFinite(rate) && rate >= 0) return constant(rate);
  throw new InvalidOptionError('learningRate', rate, 'a finite number ≥ 0 or a schedule');
}
