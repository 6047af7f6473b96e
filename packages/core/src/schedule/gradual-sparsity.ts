import { InvalidOptionError } from '../errors/option-errors.js';
import { requireSparsity } from '../mask/count.js';
import { checkOptions } from '../options/check-options.js';
import type { OptionRules } from '../options/option-rule.js';
import { rules } from '../options/rules.js';
import { type Cadence, requireCadence } from './cadence.js';
import { polynomial } from './ramps.js';
import type { Schedule } from './schedule.js';
import { requireSchedule } from './schedule-data.js';

/** Options that gradual methods share, see {@link gradualSparsity}. */
export interface GradualSparsityOptions {
  /** Overall sparsity in the end, in [0, 1). */
  readonly sparsity: number;
  /** Positions at which the method prunes. */
  readonly cadence: Cadence;
  /**
   * Sparsity at `cadence.start`, in [0, `sparsity`].
   *
   * @defaultValue 0
   */
  readonly initialSparsity?: number | undefined;
  /**
   * Overall sparsity by position; its value at `cadence.end` must be `sparsity`.
   *
   * @defaultValue the cubic {@link polynomial} over the cadence
   */
  readonly schedule?: Schedule | undefined;
}

/**
 * The rules of {@link GradualSparsityOptions}, to be spread into those of a method that has more options.
 *
 * @example
 * ```ts
 * import { checkOptions, type GradualSparsityOptions, gradualSparsityRules, rules } from '@espalier/core';
 *
 * interface Options extends GradualSparsityOptions {
 *   readonly momentum?: number;
 * }
 *
 * export function check(options: Options): void {
 *   checkOptions<Options>(options, { ...gradualSparsityRules, momentum: rules.optional(rules.number()) });
 * }
 * ```
 */
export const gradualSparsityRules: OptionRules<GradualSparsityOptions> = {
  sparsity: requireSparsity,
  cadence: requireCadence,
  initialSparsity: rules.optional(requireSparsity),
  schedule: rules.optional(requireSchedule),
};

/**
 * The overall sparsity of a gradual method by position, once its options are checked.
 *
 * Source of the default: Zhu & Gupta 2017, {@link https://arxiv.org/abs/1710.01878}, equation 1.
 *
 * @param options - Target, cadence and, if wanted, initial sparsity or a schedule of its own.
 * @returns The given schedule, or the cubic one; `sparsity` exactly at `cadence.end`.
 * @throws {@link InvalidOptionError} if an option is out of range, or the schedule misses the target;
 *   {@link UnknownOptionError} if there is another option: a method with more hands on these four alone.
 *
 * @example
 * ```ts
 * import { gradualSparsity } from '@espalier/core';
 *
 * const schedule = gradualSparsity({ sparsity: 0.9, cadence: { start: 0, end: 100, every: 10 } });
 * [0, 50, 100].map(schedule); // [0, 0.7875, 0.9]
 * ```
 */
export function gradualSparsity(options: GradualSparsityOptions): Schedule {
  checkOptions<GradualSparsityOptions>(options, gradualSparsityRules);
  const { sparsity, cadence, initialSparsity = 0 } = options;
  if (initialSparsity > sparsity) {
    throw new InvalidOptionError('initialSparsity', initialSparsity, `at most the final sparsity (${sparsity})`);
  }
  const { start, end } = cadence;
  const schedule = options.schedule ?? polynomial({ from: initialSparsity, to: sparsity, start, end });
  if (schedule(end) === sparsity) return schedule;
  throw new InvalidOptionError('schedule', schedule(end), `the final sparsity (${sparsity}) at cadence.end (${end})`);
}
