import { epochsIn, nearestName } from '@espalier/core';
import type { ArgsDef, ParsedArgs } from 'citty';
import { UsageError } from '../errors.js';

/** What a command was given; options that were left out are absent. */
export type ParsedOptions = ParsedArgs<ArgsDef>;

/** A text option, or `undefined` if it was left out. */
export function text(given: ParsedOptions, name: string, allowed?: readonly string[]): string | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} needs a value.`);
  if (allowed) requireListed(value, `--${name}`, allowed);
  return value;
}

/** Refuses a name that is not in a list, and says which one is near. */
export function requireListed(written: string, where: string, allowed: readonly string[]): void {
  if (allowed.includes(written)) return;
  const meant = nearestName(written, allowed);
  const remedy = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new UsageError(`${where} is "${written}", but must be one of: ${allowed.join(', ')}.${remedy}`);
}

/** What a number must be: `least` and `below` are bounds, `whole` asks for an integer. */
export interface NumberRange {
  readonly least: number;
  readonly below?: number;
  readonly whole?: boolean;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number option, or `undefined` if it was left out. */
export function number(given: ParsedOptions, name: string, range: NumberRange): number | undefined {
  const written = text(given, name);
  if (written === undefined) return undefined;
  const value = decimal.test(written) ? Number(written) : Number.NaN;
  const { least, below = Infinity, whole = false } = range;
  if (value >= least && value < below && (!whole || Number.isSafeInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  const upper = below === Infinity ? '' : ` and below ${below}`;
  throw new UsageError(
    `--${name} is "${written}", but must be ${kind} of at least ${least}${upper}.${commaHint(written)}${below === 1 ? asFraction(written) : ''}`,
  );
}

/** What to write in the place of a decimal comma. */
export function commaHint(written: string): string {
  return /^[+-]?\d+,\d+$/.test(written) ? ` Write a point: ${written.replace(',', '.')}.` : '';
}

/** What most likely was meant by a percentage. */
function asFraction(written: string): string {
  const percent = Number(written.replace(/\s*%$/, ''));
  const isPercent = percent > 1 || /%/.test(written);
  return isPercent && percent < 100 ? ` It is a fraction, not a percentage: did you mean ${percent / 100}?` : '';
}

/** A whole number of at least `least`. */
export function whole(given: ParsedOptions, name: string, least: number): number | undefined {
  return number(given, name, { least, whole: true });
}

/** A number of steps of at least `least`, or epochs as they are written, such as `2 epochs`. */
export function steps(given: ParsedOptions, name: string, least: number): number | string | undefined {
  const written = text(given, name);
  return epochsIn(written) === undefined ? whole(given, name, least) : written;
}

/** Different whole numbers of at least `least`, between commas. */
export function wholes(given: ParsedOptions, name: string, least: number): readonly number[] | undefined {
  const written = text(given, name);
  if (written === undefined) return undefined;
  const parts = written.split(',').map(part => part.trim());
  const values = parts.map(Number);
  const fit = parts.every(part => decimal.test(part)) && new Set(values).size === values.length;
  if (fit && values.every(value => Number.isSafeInteger(value) && value >= least)) return values;
  throw new UsageError(
    `--${name} is "${written}", but must be different whole numbers of at least ${least}, such as 21,51.`,
  );
}
