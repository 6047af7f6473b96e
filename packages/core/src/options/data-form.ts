import { InvalidOptionError } from '../errors/option-errors.js';
import type { Json } from '../method/json.js';
import type { JsonSchema } from './json-schema.js';

/** How an option is written as plain data, in a recipe or on a command line. */
export interface DataForm {
  /** What may be written; `false` if there is no such form, as of a callback. */
  readonly schema: JsonSchema;
  /** What the written value stands for; `undefined` if it stands for itself. */
  readonly read: DataReader | undefined;
  /** Whether the option may be left out. */
  readonly optional: boolean;
}

/**
 * Turns what is written into what it stands for, such as a name into a function; throws an error with a code if it
 * stands for nothing.
 */
export type DataReader = (option: string, written: Json) => unknown;

/**
 * Gives a rule the form in which its option is written as data, so that recipes, the command line and JSON Schemas know
 * it.
 *
 * @param rule - The rule; it is given the form in place.
 * @param schema - JSON Schema of what may be written.
 * @param read - What it stands for, where it does not stand for itself.
 * @returns The same rule.
 * @throws {@link InvalidOptionError} if the rule or the reader is no function, or the schema is none.
 *
 * @example An option that is a function in code and a name in a recipe.
 * ```ts
 * import { optionsFromData, rules, withDataForm } from '@espalier/core';
 *
 * const shapes = { square: (x: number) => x * x, plain: (x: number) => x };
 * const shape = withDataForm(
 *   rules.that('a function of one number', value => typeof value === 'function'),
 *   { enum: Object.keys(shapes) },
 *   (_, name) => shapes[name as 'square'],
 * );
 * optionsFromData({ shape }, { shape: 'square' }); // { shape: x => x * x }
 * ```
 */
export function withDataForm<Rule extends (option: string, value: never) => void>(
  rule: Rule,
  schema: JsonSchema,
  read?: DataReader,
): Rule & { readonly data: DataForm } {
  return attach(rule, { schema, read, optional: false });
}

/** Puts a form on a rule. */
export function attach<Rule extends (option: string, value: never) => void>(
  rule: Rule,
  data: DataForm,
): Rule & { readonly data: DataForm } {
  if (typeof rule !== 'function') throw new InvalidOptionError('rule', rule, 'a rule, a function');
  const { schema, read } = data;
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null)) {
    throw new InvalidOptionError('schema', schema, 'a JSON Schema: an object, true or false');
  }
  if (read !== undefined && typeof read !== 'function') throw new InvalidOptionError('read', read, 'a function');
  return Object.assign(rule, { data });
}

/** The form of a rule; a rule that has none is written as any plain data. */
export function formOf(rule: { readonly data?: DataForm | undefined }): DataForm {
  return rule.data ?? { schema: true, read: undefined, optional: false };
}
