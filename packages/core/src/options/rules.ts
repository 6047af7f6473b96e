import { InvalidOptionError } from '../errors/option-errors.js';
import { checkOptions } from './check-options.js';
import type { OptionRule, OptionRules } from './option-rule.js';

/** Bounds of a number; those that are left out do not hold. */
export interface NumberBounds {
  /** Least value that will do. */
  readonly from?: number | undefined;
  /** Greatest value that will do. */
  readonly to?: number | undefined;
  /** Values must be greater than this. */
  readonly above?: number | undefined;
  /** Values must be less than this. */
  readonly below?: number | undefined;
}

/** Refuses bounds that bound nothing, such as those of another name. */
function checked(bounds: NumberBounds): NumberBounds {
  const bound = rule('a number', value => value === undefined || (typeof value === 'number' && !Number.isNaN(value)));
  checkOptions<NumberBounds>(bounds, { from: bound, to: bound, above: bound, below: bound }, 'bounds');
  return bounds;
}

function rule(expected: string, accepts: (value: unknown) => boolean): OptionRule {
  return (option, value) => {
    if (!accepts(value)) throw new InvalidOptionError(option, value, expected);
  };
}

function bounded(kind: string, isKind: (value: unknown) => boolean, bounds: NumberBounds): OptionRule {
  const { from = -Infinity, to = Infinity, above = -Infinity, below = Infinity } = bounds;
  const words = [
    from === -Infinity ? [] : [`of at least ${from}`],
    above === -Infinity ? [] : [`above ${above}`],
    to === Infinity ? [] : [`of at most ${to}`],
    below === Infinity ? [] : [`below ${below}`],
  ].flat();
  return rule([kind, words.join(' and ')].filter(Boolean).join(' '), value => {
    const number = value as number;
    return isKind(value) && number >= from && number <= to && number > above && number < below;
  });
}

/**
 * Rules for {@link checkOptions}, and what makes new ones of them.
 *
 * @example A list of seeds, and a nested object that may be left out.
 * ```ts
 * import { checkOptions, rules } from '@espalier/core';
 *
 * const { integer, list, optional, object, text } = rules;
 * checkOptions({ seeds: [1, 2] }, {
 *   seeds: list(integer({ from: 0 })),
 *   store: optional(object({ path: text })),
 * });
 * ```
 */
export const rules = {
  /** A finite number within bounds. */
  number: (bounds: NumberBounds = {}): OptionRule => bounded('a number', Number.isFinite, checked(bounds)),
  /** A safe integer within bounds. */
  integer: (bounds: NumberBounds = {}): OptionRule => bounded('an integer', Number.isSafeInteger, checked(bounds)),
  /** `true` or `false`. */
  boolean: rule('true or false', value => typeof value === 'boolean') as OptionRule,
  /** A string that is not empty. */
  text: rule('a text that is not empty', value => typeof value === 'string' && value !== '') as OptionRule,
  /** Any function. */
  function: rule('a function', value => typeof value === 'function') as OptionRule,
  /** An `AbortSignal`. */
  signal: rule('an AbortSignal', value => value instanceof AbortSignal) as OptionRule,
  /** One of the values that are listed. */
  oneOf: (...values: readonly (string | number | boolean | null)[]): OptionRule =>
    rule(`one of ${values.map(value => JSON.stringify(value)).join(', ')}`, value =>
      (values as readonly unknown[]).includes(value),
    ),
  /** Something with these functions, such as a store or a cache. */
  having: (expected: string, ...functions: readonly string[]): OptionRule =>
    rule(expected, value => {
      if (typeof value !== 'object' || value === null) return false;
      return functions.every(name => typeof (value as Record<string, unknown>)[name] === 'function');
    }),
  /** An array each of whose entries keeps a rule. */
  list:
    (entry: OptionRule): OptionRule =>
    (option, value: unknown) => {
      if (!Array.isArray(value)) throw new InvalidOptionError(option, value, 'an array');
      for (const [i, item] of value.entries()) entry(`${option}[${i}]`, item as never);
    },
  /** An object with options of its own. */
  object:
    <Options extends object>(checks: OptionRules<Options>): OptionRule =>
    (option, value) =>
      checkOptions(value, checks, option),
  /** What keeps one of two rules at least; `expected` describes both. */
  either:
    (expected: string, ...alternatives: readonly OptionRule[]): OptionRule =>
    (option, value) => {
      for (const alternative of alternatives) {
        try {
          return alternative(option, value as never);
        } catch {
          // The next one may do.
        }
      }
      throw new InvalidOptionError(option, value, expected);
    },
  /** Whatever passes a test of your own. */
  that: (expected: string, accepts: (value: unknown) => boolean): OptionRule => rule(expected, accepts),
  /** What may be left out: `undefined` passes, all else must keep the rule. */
  optional:
    (inner: OptionRule): OptionRule =>
    (option, value) => {
      if (value !== undefined) inner(option, value as never);
    },
  /** No rule, for what is checked elsewhere. */
  anything: (() => {}) as OptionRule,
} as const;
