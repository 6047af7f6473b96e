import { InvalidTopologyError } from '../../errors.js';
import { show } from '../show.js';

/** A JSON object whose fields have not been looked at yet. */
export type Fields = { readonly [key: string]: unknown };

export function malformed(reason: string): never {
  throw new InvalidTopologyError(reason);
}

export function asFields(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  return malformed(`The ${what} is not an object.`);
}

export function asList(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : malformed(`The ${what} is not an array.`);
}

export function asText(value: unknown, what: string): string {
  return typeof value === 'string' ? value : malformed(`The ${what} is not a string.`);
}

/** A number, or a pair of numbers, as a pair of positive integers. */
export function asPair(value: unknown, what: string): readonly [number, number] {
  const pair = typeof value === 'number' ? [value, value] : asList(value, what);
  const [first, second] = pair;
  if (pair.length === 2 && isCount(first) && isCount(second)) return [first, second];
  return malformed(`The ${what} is ${show(value)}, but must be one or two positive integers.`);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
