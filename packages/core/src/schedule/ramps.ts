import { InvalidOptionError } from '../errors/option-errors.js';
import { checkOptions } from '../options/check-options.js';
import type { OptionRules } from '../options/option-rule.js';
import { rules } from '../options/rules.js';
import type { Schedule } from './schedule.js';

/** A change from one value to another over a window of positions. */
export interface Ramp {
  /** Value at and before `start`. */
  readonly from: number;
  /** Value at and after `end`, exactly. */
  readonly to: number;
  /** First position of the window, an integer ≥ 0. */
  readonly start: number;
  /** Last position of the window, an integer ≥ `start`; if equal, the value jumps to `to` at `start`. */
  readonly end: number;
}

const rampRules: OptionRules<Ramp> = {
  from: rules.number(),
  to: rules.number(),
  start: rules.number(),
  end: rules.anything,
};

function ramp({ from, to, start, end }: Ramp, remaining: (progress: number) => number): Schedule {
  if (!Number.isFinite(end) || end < start) {
    throw new InvalidOptionError('end', end, `a position ≥ start (${start})`);
  }
  return position => {
    if (position >= end) return to;
    if (position <= start) return from;
    return to + (from - to) * remaining((position - start) / (end - start));
  };
}

/**
 * The same value at every position.
 *
 * @param value - The value, a finite number.
 * @throws {@link InvalidOptionError} if it is none.
 *
 * @example
 * ```ts
 * import { constant } from '@espalier/core';
 *
 * constant(0.1)(500); // 0.1
 * ```
 */
export function constant(value: number): Schedule {
  rules.number()('value', value as never);
  return () => value;
}

/**
 * Polynomial ramp `to + (from − to)(1 − progress)^power`; with power 3 the cubic sparsity schedule of gradual pruning,
 * which prunes fast at first and slowly towards the end.
 *
 * Source: Zhu & Gupta 2017, {@link https://arxiv.org/abs/1710.01878}, equation 1.
 *
 * @param options - The ramp; `from` defaults to 0 and `power` (a number > 0) to 3.
 * @throws {@link InvalidOptionError} if the window or the power is impossible or an option is no number;
 *   {@link UnknownOptionError} if there is another option.
 *
 * @example
 * ```ts
 * import { polynomial } from '@espalier/core';
 *
 * const sparsity = polynomial({ to: 0.9, start: 0, end: 100 });
 * [0, 50, 100].map(sparsity); // [0, 0.7875, 0.9]
 * ```
 */
export function polynomial(
  options: Omit<Ramp, 'from'> & { readonly from?: number | undefined; readonly power?: number | undefined },
): Schedule {
  checkOptions<typeof options>(options, {
    ...rampRules,
    from: rules.optional(rules.number()),
    power: rules.optional(rules.number({ above: 0 })),
  });
  const { from = 0, power = 3, ...rest } = options;
  return ramp({ from, ...rest }, progress => (1 - progress) ** power);
}

/**
 * Straight line from `from` to `to`.
 *
 * @param options - The ramp.
 * @throws {@link InvalidOptionError} if the window is impossible or an option is no number; {@link UnknownOptionError}
 *   if there is another option.
 *
 * @example
 * ```ts
 * import { linear } from '@espalier/core';
 *
 * linear({ from: 0.1, to: 0, start: 0, end: 10 })(5); // 0.05
 * ```
 */
export function linear(options: Ramp): Schedule {
  checkOptions<Ramp>(options, rampRules);
  return ramp(options, progress => 1 - progress);
}

/**
 * Half a cosine wave, `to + (from − to)/2 · (1 + cos(π · progress))`: flat at both ends.
 *
 * Source: Loshchilov & Hutter 2017, {@link https://arxiv.org/abs/1608.03983}, equation 5, without restarts.
 *
 * @param options - The ramp; `to` defaults to 0.
 * @throws {@link InvalidOptionError} if the window is impossible or an option is no number; {@link UnknownOptionError}
 *   if there is another option.
 *
 * @example
 * ```ts
 * import { cosine } from '@espalier/core';
 *
 * cosine({ from: 0.3, start: 0, end: 100 })(50); // 0.15
 * ```
 */
export function cosine(options: Omit<Ramp, 'to'> & { readonly to?: number | undefined }): Schedule {
  checkOptions<typeof options>(options, { ...rampRules, to: rules.optional(rules.number()) });
  const { to = 0, ...rest } = options;
  return ramp({ to, ...rest }, progress => 0.5 * (1 + Math.cos(Math.PI * progress)));
}
