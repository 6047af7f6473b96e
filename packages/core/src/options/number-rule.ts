import { InvalidOptionError } from '../errors/option-errors.js';
import { checkOptions } from './check-options.js';
import { attach } from './data-form.js';
import type { JsonSchema } from './json-schema.js';
import type { OptionRule } from './option-rule.js';

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
export function checkedBounds(bounds: NumberBounds): NumberBounds {
  const bound = rule(
    'a number',
    value => value === undefined || (typeof value === 'number' && !Number.isNaN(value)),
    true,
  );
  checkOptions<NumberBounds>(bounds, { from: bound, to: bound, above: bound, below: bound }, 'bounds');
  return bounds;
}

/** A rule that is one test, with the schema of what passes it. */
export function rule(expected: string, accepts: (value: unknown) => boolean, schema: JsonSchema): OptionRule {
  const check = (option: string, value: unknown): void => {
    if (!accepts(value)) throw new InvalidOptionError(option, value, expected);
  };
  return attach(check, { schema, read: undefined, optional: false });
}

/** A number of a kind within bounds. */
export function bounded(kind: string, isKind: (value: unknown) => boolean, bounds: NumberBounds): OptionRule {
  const { from = -Infinity, to = Infinity, above = -Infinity, below = Infinity } = bounds;
  const limits = [
    { limit: from, words: 'of at least', keyword: 'minimum' },
    { limit: above, words: 'above', keyword: 'exclusiveMinimum' },
    { limit: to, words: 'of at most', keyword: 'maximum' },
    { limit: below, words: 'below', keyword: 'exclusiveMaximum' },
  ].filter(({ limit }) => Number.isFinite(limit));
  const expected = [kind, limits.map(({ limit, words }) => `${words} ${limit}`).join(' and ')]
    .filter(Boolean)
    .join(' ');
  const schema = {
    type: kind === 'an integer' ? 'integer' : 'number',
    ...Object.fromEntries(limits.map(({ limit, keyword }) => [keyword, limit])),
  };
  const accepts = (value: unknown): boolean => {
    const number = value as number;
    return isKind(value) && number >= from && number <= to && number > above && number < below;
  };
  return rule(expected, accepts, schema);
}
