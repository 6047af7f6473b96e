import { InvalidOptionError, UnknownOptionError } from '../errors/option-errors.js';
import type { OptionRules } from './option-rule.js';

/**
 * Refuses options that nobody reads and values of the wrong kind, so that a slip of the pen cannot silently mean the
 * default.
 *
 * Call it first in everything that takes an options object. Every option gets its rule, also those that were left out:
 * wrap the rule of an option with a default in `rules.optional`, which lets `undefined` pass.
 *
 * @param options - What the caller gave, of any type.
 * @param checks - A rule for each option.
 * @param path - Where nested options are, e.g. `cadence`; empty at the top.
 * @throws {@link InvalidOptionError} if `options` is no object or a rule refuses a value.
 * @throws {@link UnknownOptionError} if there is a key without a rule; it names the option that was most likely meant.
 *
 * @example A method with two options.
 * ```ts
 * import { checkOptions, requireSparsity, rules } from '@espalier/core';
 *
 * interface Options {
 *   readonly sparsity: number;
 *   readonly every?: number;
 * }
 *
 * export function everyFew(options: Options): number {
 *   checkOptions<Options>(options, { sparsity: requireSparsity, every: rules.optional(rules.integer({ from: 1 })) });
 *   const { every = 100 } = options;
 *   return every;
 * }
 * ```
 */
export function checkOptions<Options extends object>(
  options: unknown,
  checks: OptionRules<Options>,
  path = '',
): asserts options is Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOptionError(path || 'options', options, 'an object');
  }
  if (typeof checks !== 'object' || checks === null)
    throw new InvalidOptionError('checks', checks, 'an object of rules');
  const prefix = path === '' ? '' : `${path}.`;
  const known = Object.keys(checks);
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      throw new UnknownOptionError(
        prefix + key,
        known.map(name => prefix + name),
      );
  }
  for (const [key, rule] of Object.entries<(option: string, value: never) => void>(checks)) {
    rule(prefix + key, (options as Record<string, never>)[key] as never);
  }
}
