import type { Json } from '@espalier/core';

/** What a JSON Schema accepts, in a few words. */
export function rangeOf(schema: Json | undefined): string {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return 'anything';
  const of = schema as { readonly [keyword: string]: Json };
  if (Array.isArray(of.enum)) return `one of ${of.enum.map(String).join(', ')}`;
  if ('const' in of) return JSON.stringify(of.const);
  if (Array.isArray(of.anyOf)) return [...new Set(of.anyOf.filter(isSaid).map(rangeOf))].join(' or ');
  switch (of.type) {
    case 'number':
    case 'integer':
      return `${of.type === 'integer' ? 'an integer' : 'a number'}${boundsOf(of)}`;
    case 'null':
      return 'null';
    case 'boolean':
      return 'true or false';
    case 'string':
      if (typeof of.description === 'string') return of.description;
      return typeof of.pattern === 'string' ? `a text like ${of.pattern}` : 'a text';
    case 'array':
      return `a list of: ${rangeOf(of.items)}`;
    case 'object':
      return objectOf(of);
    default:
      return typeof of.description === 'string' ? of.description : 'anything';
  }
}

/** That an option may be left out by `null` is said in the documentation. */
function isSaid(alternative: Json): boolean {
  return !(
    typeof alternative === 'object' &&
    alternative !== null &&
    'type' in alternative &&
    alternative.type === 'null'
  );
}

function boundsOf({
  minimum,
  exclusiveMinimum,
  maximum,
  exclusiveMaximum,
}: {
  readonly [keyword: string]: Json;
}): string {
  const words = [
    minimum === undefined ? [] : [`≥ ${minimum}`],
    exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`],
    maximum === undefined ? [] : [`≤ ${maximum}`],
    exclusiveMaximum === undefined ? [] : [`< ${exclusiveMaximum}`],
  ].flat();
  return words.length === 0 ? '' : ` ${words.join(' and ')}`;
}

function objectOf({ properties }: { readonly [keyword: string]: Json }): string {
  if (typeof properties !== 'object' || properties === null) return 'an object';
  const parts = Object.entries(properties).map(([name, value]) => {
    const fixed = value as { readonly enum?: readonly Json[] } | null;
    return fixed?.enum?.length === 1 ? `${name}: ${String(fixed.enum[0])}` : name;
  });
  return `{ ${parts.join(', ')} }`;
}
