import { InvalidOptionError } from '../errors/option-errors.js';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';
import { requireSchedule } from './require-schedule.js';
import type { Schedule } from './schedule.js';

/** Options of {@link stepwise}. */
export interface StepwiseOptions {
  /** Value before the first milestone. */
  readonly from: number;
  /** Positions at which the value is multiplied by `factor`, integers in ascending order. */
  readonly milestones: readonly number[];
  /**
   * What the value is multiplied by at each milestone.
   *
   * @defaultValue 0.1
   */
  readonly factor?: number | undefined;
}

/**
 * Step schedule: `from · factor^(milestones passed)`, the usual learning rate of the image-classification papers.
 *
 * @param options - Start value, milestones and factor.
 * @returns A schedule; at a milestone the new value already holds.
 * @throws {@link InvalidOptionError} if the milestones are not ascending or an option is no number;
 *   {@link UnknownOptionError} if there is another option.
 *
 * @example
 * ```ts
 * import { stepwise } from '@espalier/core';
 *
 * const rate = stepwise({ from: 1, milestones: [30, 60], factor: 0.5 });
 * [29, 30, 60].map(rate); // [1, 0.5, 0.25]
 * ```
 */
export function stepwise(options: StepwiseOptions): Schedule {
  checkOptions<StepwiseOptions>(options, {
    from: rules.number(),
    milestones: rules.list(rules.number()),
    factor: rules.optional(rules.number()),
  });
  const { from, milestones, factor = 0.1 } = options;
  if (milestones.some((milestone, i) => i > 0 && milestone <= milestones[i - 1]!)) {
    throw new InvalidOptionError('milestones', milestones, 'positions in ascending order');
  }
  return position => {
    let value = from;
    for (const milestone of milestones) if (position >= milestone) value *= factor;
    return value;
  };
}

/** Options of {@link warmUp}. */
export interface WarmUpOptions {
  /** Positions from 0 over which the value rises, an integer ≥ 0. */
  readonly steps: number;
  /**
   * Shape of the rise from 0 to the schedule's own value at position `steps`.
   *
   * @defaultValue 'linear'
   */
  readonly shape?: 'linear' | 'cosine' | undefined;
}

/**
 * A schedule with a warm-up in front: at position `p < steps` the value that `schedule` has at `steps`, scaled by
 * `(p + 1) / (steps + 1)` (linear) or `(1 − cos(π (p + 1) / (steps + 1))) / 2`, so that no step has rate 0.
 *
 * @param schedule - What holds from position `steps` on.
 * @param options - Length and shape.
 * @throws {@link InvalidOptionError} if `steps` is not an integer ≥ 0, `shape` is another, or `schedule` is no
 *   function; {@link UnknownOptionError} if there is another option.
 *
 * @example
 * ```ts
 * import { constant, warmUp } from '@espalier/core';
 *
 * [0, 1, 2, 3].map(warmUp(constant(0.3), { steps: 2 })); // [0.1, 0.2, 0.3, 0.3]
 * ```
 */
export function warmUp(schedule: Schedule, options: WarmUpOptions): Schedule {
  requireSchedule('schedule', schedule);
  checkOptions<WarmUpOptions>(options, {
    steps: rules.integer({ from: 0 }),
    shape: rules.optional(rules.oneOf('linear', 'cosine')),
  });
  const { steps, shape = 'linear' } = options;
  return position => {
    if (position >= steps) return schedule(position);
    const progress = (position + 1) / (steps + 1);
    return schedule(steps) * (shape === 'linear' ? progress : (1 - Math.cos(Math.PI * progress)) / 2);
  };
}
