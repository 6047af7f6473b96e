import { UsageError } from '../errors.js';
import { type ParsedOptions, text } from './read.js';

/**
 * Names of weights and patterns between slashes, one after another with commas between, or the list of a recipe;
 * `undefined` if it was left out.
 */
export function selectors(given: ParsedOptions, name: string): readonly string[] | undefined {
  const listed: unknown = given[name];
  if (Array.isArray(listed)) {
    for (const part of listed) selectorOf(String(part));
    return listed;
  }
  const written = text(given, name);
  if (written === undefined) return undefined;
  const parts = written.match(/\/(?:[^/\\]|\\.)+\/(?=,|$)|[^,]+/g) ?? [];
  const trimmed = parts.map(part => part.trim()).filter(part => part !== '');
  if (trimmed.length === 0)
    throw new UsageError(`--${name} is "${written}", but must be names of weights or /patterns/.`);
  for (const part of trimmed) selectorOf(part);
  return trimmed;
}

/** What a stored name or pattern selects. */
export function selectorOf(written: string): string | RegExp {
  if (written.length < 3 || !written.startsWith('/') || !written.endsWith('/')) return written;
  try {
    return new RegExp(written.slice(1, -1));
  } catch (cause) {
    throw new UsageError(`${written} is not a regular expression.`, { cause });
  }
}
