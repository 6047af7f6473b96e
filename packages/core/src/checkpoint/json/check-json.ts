import type { Json } from '../../method/json.js';
import { fail, show } from '../fail.js';
import { maximumJsonDepth } from './parse-json.js';

/**
 * Proves that a value survives `JSON.stringify` and `JSON.parse`: no NaN, infinity, `undefined`, `Map`, `Date`, cycle.
 */
export function checkJson(value: unknown, where: string, depth = 0): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth > maximumJsonDepth) fail(`The ${where} is nested deeper than ${maximumJsonDepth} levels.`);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) checkJson(value[index], `${where}[${index}]`, depth + 1);
    return value as Json;
  }
  if (!isPlainObject(value)) return fail(`The ${where} is ${show(value)}, which JSON cannot hold.`);
  for (const key of Object.keys(value)) checkJson(value[key], `${where}.${key}`, depth + 1);
  return value as Json;
}

/** True for what JSON has between braces: no instance of a class, no array. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
