import { InvalidOptionError } from '../errors/option-errors.js';
import { checkOptions } from './check-options.js';
import { attach, formOf } from './data-form.js';
import { epochsSchema } from './epochs.js';
import type { JsonSchema } from './json-schema.js';
import { bounded, checkedBounds, type NumberBounds, rule } from './number-rule.js';
import type { OptionRule, OptionRules } from './option-rule.js';
import { optionsFromData, optionsSchema, valueFromData } from './options-data.js';

export type { NumberBounds } from './number-rule.js';

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
  number: (bounds: NumberBounds = {}): OptionRule => bounded('a number', Number.isFinite, checkedBounds(bounds)),
  /** A safe integer within bounds. */
  integer: (bounds: NumberBounds = {}): OptionRule =>
    bounded('an integer', Number.isSafeInteger, checkedBounds(bounds)),
  /** A number of optimizer steps, a safe integer within bounds; a recipe may write it in epochs, as `10 epochs`. */
  steps: (bounds: NumberBounds = {}): OptionRule => {
    const inner = bounded('an integer', Number.isSafeInteger, checkedBounds(bounds));
    const { schema } = formOf(inner);
    return attach((option: string, value: unknown): void => inner(option, value as never), {
      schema: { anyOf: [schema, epochsSchema] },
      read: undefined,
      optional: false,
    });
  },
  /** `true` or `false`. */
  boolean: rule('true or false', value => typeof value === 'boolean', { type: 'boolean' }) as OptionRule,
  /** A string that is not empty. */
  text: rule('a text that is not empty', value => typeof value === 'string' && value !== '', {
    type: 'string',
    minLength: 1,
  }) as OptionRule,
  /** Any function. It has no form as data. */
  function: rule('a function', value => typeof value === 'function', false) as OptionRule,
  /** An `AbortSignal`. It has no form as data. */
  signal: rule('an AbortSignal', value => value instanceof AbortSignal, false) as OptionRule,
  /** One of the values that are listed. */
  oneOf: (...values: readonly (string | number | boolean | null)[]): OptionRule =>
    rule(
      `one of ${values.map(value => JSON.stringify(value)).join(', ')}`,
      value => (values as readonly unknown[]).includes(value),
      { enum: values },
    ),
  /** Something with these functions, such as a store or a cache. It has no form as data. */
  having: (expected: string, ...functions: readonly string[]): OptionRule =>
    rule(
      expected,
      value => {
        if (typeof value !== 'object' || value === null) return false;
        return functions.every(name => typeof (value as Record<string, unknown>)[name] === 'function');
      },
      false,
    ),
  /** An array each of whose entries keeps a rule. */
  list: (entry: OptionRule): OptionRule => {
    const check = (option: string, value: unknown): void => {
      if (!Array.isArray(value)) throw new InvalidOptionError(option, value, 'an array');
      for (const [i, item] of value.entries()) entry(`${option}[${i}]`, item as never);
    };
    const { schema } = formOf(entry);
    return attach(check, {
      schema: schema === false ? false : { type: 'array', items: schema },
      read: (option, written) =>
        Array.isArray(written) ? written.map((item, i) => valueFromData(entry, `${option}[${i}]`, item)) : written,
      optional: false,
    });
  },
  /** An object with options of its own. */
  object: <Options extends object>(checks: OptionRules<Options>): OptionRule =>
    attach((option: string, value: unknown): void => checkOptions(value, checks, option), {
      schema: optionsSchema(checks),
      read: (option, written) => optionsFromData(checks, written as never, option),
      optional: false,
    }),
  /** What keeps one of two rules at least; `expected` describes both. */
  either: (expected: string, ...alternatives: readonly OptionRule[]): OptionRule => {
    const check = (option: string, value: unknown): void => {
      for (const alternative of alternatives) {
        try {
          alternative(option, value as never);
          return;
        } catch {
          // The next one may do.
        }
      }
      throw new InvalidOptionError(option, value, expected);
    };
    const written = alternatives.filter(alternative => formOf(alternative).schema !== false);
    return attach(check, {
      schema: written.length > 0 && { anyOf: written.map(alternative => formOf(alternative).schema) },
      read: (option, value) => {
        for (const alternative of written) {
          try {
            return valueFromData(alternative, option, value);
          } catch {
            // The next one may do.
          }
        }
        return value;
      },
      optional: false,
    });
  },
  /** Whatever passes a test of your own; `schema` says what it accepts as data, where that can be said. */
  that: (expected: string, accepts: (value: unknown) => boolean, schema?: JsonSchema): OptionRule =>
    rule(expected, accepts, schema ?? { description: String(expected) }),
  /** What may be left out: `undefined` passes, all else must keep the rule. */
  optional: (inner: OptionRule): OptionRule =>
    attach(
      (option: string, value: unknown): void => {
        if (value !== undefined) inner(option, value as never);
      },
      { ...formOf(inner), optional: true },
    ),
  /** No rule, for what is checked elsewhere. */
  anything: attach(() => {}, { schema: true, read: undefined, optional: true }) as OptionRule,
} as const;
