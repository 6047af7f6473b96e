import type { Json, OptionData } from '@espalier/core';
import { schemaOf } from './given-options.js';
import type { KnownMethod } from './known-method.js';

/**
 * Options of a method over those of a recipe: of an option with options of its own, such as `cadence`, single ones;
 * everything else takes the place of the recipe's.
 */
export function overRecipe({ definition }: KnownMethod, recipe: OptionData, given: OptionData): OptionData {
  const properties = definition ? (schemaOf(definition) as { readonly properties: Json }).properties : {};
  const merged = Object.entries(given).map(([name, value]): [string, Json] => {
    const schema = at(properties, name);
    const below = at(recipe, name);
    const nested = at(schema, 'properties') !== undefined && isRecord(below) && isRecord(value);
    return [name, nested ? { ...below, ...value } : value];
  });
  return { ...recipe, ...Object.fromEntries(merged) };
}

function at(value: Json | undefined, name: string): Json | undefined {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isRecord(value: Json | undefined): value is OptionData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
