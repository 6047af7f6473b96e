import { type Json, type JsonSchema, type MethodDefinition, type OptionData, optionsSchema } from '@espalier/core';
import { UsageError } from '../errors.js';
import type { KnownMethod } from './known-method.js';

/** Options that have a flag of their own, because many methods have them. */
export interface Shortcuts {
  readonly sparsity?: number;
  readonly distribution?: string;
  /** Steps, or epochs as they are written. */
  readonly start?: number | string;
  readonly end?: number | string;
  readonly every?: number | string;
}

/** Where an option may stand in a method's own ones, the likeliest place first. */
const places: Readonly<Record<keyof Shortcuts, readonly (readonly string[])[]>> = {
  sparsity: [['sparsity']],
  distribution: [['distribution']],
  start: [['cadence', 'start'], ['position'], ['start']],
  end: [['cadence', 'end'], ['end']],
  every: [['cadence', 'every']],
};

/**
 * The options that a method is given: those that are written, and those with a flag of their own at their place.
 *
 * @throws {@link UsageError} if the method has no place for one, or it is given in both ways.
 */
export function givenOptions(method: KnownMethod, written: OptionData, shortcuts: Shortcuts): OptionData {
  const options = structuredClone(written) as Record<string, Json>;
  for (const [flag, value] of Object.entries(shortcuts) as [keyof Shortcuts, Json | undefined][]) {
    if (value === undefined) continue;
    const place = placeOf(method, flag);
    if (!place) throw new UsageError(`--${flag} means nothing to --method ${method.reference}.`);
    if (!putAt(options, place, value)) {
      throw new UsageError(`Give --${flag} or --option ${place.join('.')}, not both.`);
    }
  }
  return options;
}

/** Where an option with a flag of its own stands in the method's; `undefined` if nowhere. */
export function placeOf({ definition }: KnownMethod, flag: keyof Shortcuts): readonly string[] | undefined {
  if (!definition) return places[flag][0];
  return places[flag].find(place => hasPlace(schemaOf(definition), place));
}

/** The options of a method as they are written. */
export function schemaOf(definition: MethodDefinition): JsonSchema {
  return optionsSchema<object>(definition.rules);
}

function hasPlace(schema: Json | undefined, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return false;
  const { properties } = schema as { readonly properties: { readonly [name: string]: Json } };
  return Object.hasOwn(properties, name) && hasPlace(properties[name], rest);
}

/** Puts a value at a place; `false` if there is one. */
function putAt(options: Record<string, Json>, [name = '', ...rest]: readonly string[], value: Json): boolean {
  const present = Object.hasOwn(options, name) ? options[name] : undefined;
  if (rest.length === 0) {
    if (present !== undefined) return false;
    options[name] = value;
    return true;
  }
  if (present !== undefined && (typeof present !== 'object' || present === null || Array.isArray(present)))
    return false;
  const inner: Record<string, Json> = { ...(present as OptionData | undefined) };
  options[name] = inner;
  return putAt(inner, rest, value);
}
