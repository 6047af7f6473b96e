import { InvalidTopologyError } from '../../errors/topology-errors.js';

/** A JSON object whose fields have not been looked at yet. */
export type TopologyFields = { readonly [key: string]: unknown };

/** True for what JSON has between braces. */
export const isFields = (value: unknown): value is TopologyFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function malformed(reason: string): never {
  throw new InvalidTopologyError(reason);
}

export function asFields(value: unknown, what: string): TopologyFields {
  return isFields(value) ? value : malformed(`The ${what} is not an object.`);
}

export function asList(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : malformed(`The ${what} is not an array.`);
}

/** Longest name that is read; TensorFlow.js rewrites names in a time that grows with the square of their length. */
const longestName = 1000;

/** A name that may stand in a table of names: not too long, and nothing that every object has. */
export function asName(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') return malformed(`The ${what} is not a name.`);
  if (value.length > longestName) malformed(`The ${what} is longer than ${longestName} characters.`);
  if (value in Object.prototype) malformed(`The ${what} is ${JSON.stringify(value)}. Give it another name.`);
  return value;
}

/** A value in a message, at most 60 characters long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** True if arrays and objects are nested deeper than `most` levels, as they are in a circle. */
export function isDeeperThan(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some(item => isDeeperThan(item, most - 1));
}
