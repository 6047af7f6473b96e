import { InvalidOptionError, UnknownOptionError } from '../errors/option-errors.js';
import type { Json } from '../method/json.js';
import { formOf } from './data-form.js';
import type { JsonSchema } from './json-schema.js';
import type { OptionRule, OptionRules } from './option-rule.js';

/** Options written as plain data, as in a recipe: functions by their names, `Infinity` as a text. */
export type OptionData = { readonly [option: string]: Json };

/**
 * JSON Schema of options as they are written in a recipe: what their rules accept, and nothing else. Options without a
 * form as data, such as callbacks, are not in it.
 *
 * @param checks - A rule for each option.
 * @returns Schema of an object with those options, draft 2020-12.
 * @throws {@link InvalidOptionError} if these are no rules.
 *
 * @example
 * ```ts
 * import { optionsSchema, requireSparsity, rules } from '@espalier/core';
 *
 * optionsSchema({ sparsity: requireSparsity, rounds: rules.optional(rules.integer({ from: 1 })) });
 * // { type: 'object', properties: { sparsity: …, rounds: … }, required: ['sparsity'], additionalProperties: false }
 * ```
 */
export function optionsSchema<Options extends object>(checks: OptionRules<Options>): JsonSchema {
  const forms = entriesOf(checks).map(([name, rule]) => [name, formOf(rule)] as const);
  const written = forms.filter(([, { schema, optional }]) => schema !== false || !optional);
  return {
    type: 'object',
    properties: Object.fromEntries(written.map(([name, { schema }]) => [name, schema])),
    required: written.filter(([, { optional }]) => !optional).map(([name]) => name),
    additionalProperties: false,
  };
}

/**
 * Options out of plain data: names become the functions they stand for, and each value is checked by its rule.
 *
 * @param checks - A rule for each option.
 * @param data - The options as they are written.
 * @param path - Where nested options are; empty at the top.
 * @returns Options for the creator that checks with these rules.
 * @throws {@link UnknownOptionError} if there is no such option; it names the one that was most likely meant.
 * @throws {@link InvalidOptionError} if a value is none that the rule accepts, or the option cannot be written as data.
 *
 * @example
 * ```ts
 * import { optionsFromData, requireDistribution } from '@espalier/core';
 *
 * optionsFromData({ distribution: requireDistribution }, { distribution: 'erdosRenyiKernel' }); // a function
 * ```
 */
export function optionsFromData<Options extends object>(
  checks: OptionRules<Options>,
  data: OptionData,
  path = '',
): Options {
  const all = new Map(entriesOf(checks));
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new InvalidOptionError(path || 'options', data, 'an object');
  }
  const prefix = path === '' ? '' : `${path}.`;
  const written = [...all].filter(([, rule]) => formOf(rule).schema !== false).map(([name]) => prefix + name);
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    const rule = all.get(name);
    if (!rule || !written.includes(prefix + name)) throw new UnknownOptionError(prefix + name, written);
    if (value !== undefined) options[name] = valueFromData(rule, prefix + name, value);
  }
  for (const [name, rule] of all) if (!(name in options)) rule(prefix + name, undefined as never);
  return options as Options;
}

/** What one written value stands for, checked. */
export function valueFromData(rule: OptionRule, option: string, written: Json): unknown {
  const { read } = formOf(rule);
  const value = read ? read(option, written) : written;
  rule(option, value as never);
  return value;
}

/** The rules by their names, or an error. */
export function entriesOf(checks: object): [string, OptionRule][] {
  if (typeof checks !== 'object' || checks === null || Array.isArray(checks)) {
    throw new InvalidOptionError('checks', checks, 'an object of rules');
  }
  return Object.entries(checks).map(([name, rule]: [string, unknown]) => {
    if (typeof rule !== 'function') throw new InvalidOptionError(`checks.${name}`, rule, 'a rule, a function');
    return [name, rule as OptionRule];
  });
}
