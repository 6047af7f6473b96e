import type { ArgsDef, ParsedArgs } from 'citty';
import { UsageError } from '../errors.js';

/** What a command was given; options that were left out are absent. */
export type Given = ParsedArgs<ArgsDef>;

/** Refuses options and arguments that the command does not have, which citty itself lets pass. */
export function requireKnown(rawArgs: readonly string[], given: Given, definitions: ArgsDef): void {
  for (const raw of rawArgs) {
    if (raw === '--') break;
    if (!raw.startsWith('-') || /^-\d/.test(raw)) continue;
    const name = raw.replace(/^--?(no-)?/, '').split('=')[0] ?? '';
    const known = Object.hasOwn(definitions, name) && definitions[name]?.type !== 'positional';
    if (!known) throw new UsageError(`There is no option ${raw.split('=')[0]}. See --help.`);
  }
  const places = Object.values(definitions).filter(definition => definition.type === 'positional').length;
  const extra = given._[places];
  if (extra !== undefined) throw new UsageError(`There is no place for the argument "${extra}". See --help.`);
}

/** A text option, or `undefined` if it was left out. */
export function text(given: Given, name: string, allowed?: readonly string[]): string | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} needs a value.`);
  if (allowed && !allowed.includes(value)) {
    throw new UsageError(`--${name} is "${value}", but must be one of: ${allowed.join(', ')}.`);
  }
  return value;
}

/** What a number must be: `least` and `below` are bounds, `whole` asks for an integer. */
export interface NumberRange {
  readonly least: number;
  readonly below?: number;
  readonly whole?: boolean;
}

/** A number option, or `undefined` if it was left out. */
export function number(given: Given, name: string, range: NumberRange): number | undefined {
  const written = text(given, name);
  if (written === undefined) return undefined;
  const value = Number(written);
  const { least, below = Infinity, whole = false } = range;
  if (written.trim() !== '' && value >= least && value < below && (!whole || Number.isSafeInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  const upper = below === Infinity ? '' : ` and below ${below}`;
  throw new UsageError(`--${name} is "${written}", but must be ${kind} of at least ${least}${upper}.`);
}

/** A whole number of at least `least`. */
export function whole(given: Given, name: string, least: number): number | undefined {
  return number(given, name, { least, whole: true });
}

/** Different whole numbers of at least `least`, between commas. */
export function wholes(given: Given, name: string, least: number): readonly number[] | undefined {
  const written = text(given, name);
  if (written === undefined) return undefined;
  const values = written.split(',').map(Number);
  const fit = written.split(',').every(part => part.trim() !== '') && new Set(values).size === values.length;
  if (fit && values.every(value => Number.isSafeInteger(value) && value >= least)) return values;
  throw new UsageError(
    `--${name} is "${written}", but must be different whole numbers of at least ${least}, such as 21,51.`,
  );
}
