import { InvalidTopologyError } from '../../errors.js';
import { show } from '../show.js';

/** A JSON object whose fields have not been looked at yet. */
export type { TopologyFields as Fields } from '@espalier/core';

export function malformed(reason: string): never {
  throw new InvalidTopologyError(reason);
}

export function asList(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : malformed(`The ${what} is not an array.`);
}

/** A number, or a pair of numbers, as a pair of positive integers. */
export function asPair(value: unknown, what: string): readonly [number, number] {
  const pair = typeof value === 'number' ? [value, value] : asList(value, what);
  const [first, second] = pair;
  if (pair.length === 2 && isCount(first) && isCount(second)) return [first, second];
  return malformed(`The ${what} is ${show(value)}, but must be one or two positive integers.`);
}

/** A number, or a list of one, as a positive integer. */
export function asOne(value: unknown, what: string): number {
  const [first, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (isCount(first) && others.length === 0) return first;
  return malformed(`The ${what} is ${show(value)}, but must be one positive integer.`);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
