import { fail, show } from '../fail.js';

/** An object whose own fields have not been looked at yet. */
export type UnknownFields = { readonly [name: string]: unknown };

const refuse = (what: string, value: unknown, expected: string): never =>
  fail(`The ${what} is ${show(value)}, but must be ${expected}.`);

export function asObject(value: unknown, what: string): UnknownFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(what, value, 'an object');
  return value as UnknownFields;
}

export function asArray(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(what, value, 'an array');
}

export function asString(value: unknown, what: string): string {
  return typeof value === 'string' ? value : refuse(what, value, 'a string');
}

/** A string without lone surrogates, which UTF-8 cannot carry and which other safetensors readers refuse. */
export function asName(value: unknown, what: string): string {
  const name = asString(value, what);
  return /\p{Surrogate}/u.test(name) ? refuse(what, name, 'well-formed Unicode') : name;
}

export function asBoolean(value: unknown, what: string): boolean {
  return typeof value === 'boolean' ? value : refuse(what, value, 'true or false');
}

export function asNumber(value: unknown, what: string, least: number = Number.NEGATIVE_INFINITY): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  return refuse(what, value, least === Number.NEGATIVE_INFINITY ? 'a finite number' : `a finite number ≥ ${least}`);
}

export function asInteger(value: unknown, what: string, least: number = Number.MIN_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && (value as number) >= least && !Object.is(value, -0)) return value as number;
  return refuse(what, value, `an integer from ${least} to 2^53 - 1`);
}
