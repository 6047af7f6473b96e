import type { Json } from '@espalier/core';
import { isKeywords } from './schema-problems.js';

/** Shortest schema, in characters of JSON, that is worth a definition of its own. */
const WORTH = 200;

/** The same schema with everything that stands in it more than once in `$defs`. */
export function withDefinitions(schema: { readonly [keyword: string]: Json }): { readonly [keyword: string]: Json } {
  const counts = new Map<string, number>();
  const count = (part: Json): void => {
    if (typeof part !== 'object' || part === null) return;
    const text = JSON.stringify(part);
    const seen = (counts.get(text) ?? 0) + 1;
    counts.set(text, seen);
    if (seen === 1) for (const inner of Object.values(part)) count(inner);
  };
  count(schema);
  const names = new Map<string, string>();
  const definitions: Record<string, Json> = {};
  const shared = (part: Json): Json => {
    if (typeof part !== 'object' || part === null) return part;
    const text = JSON.stringify(part);
    const again = isSchema(part) && text.length >= WORTH && (counts.get(text) ?? 0) > 1;
    if (!again) return inside(part);
    const name = names.get(text) ?? `shared${names.size + 1}`;
    if (!names.has(text)) {
      names.set(text, name);
      definitions[name] = inside(part);
    }
    return { $ref: `#/$defs/${name}` };
  };
  const inside = (part: Json): Json =>
    Array.isArray(part)
      ? part.map(shared)
      : Object.fromEntries(Object.entries(part as object).map(([key, inner]) => [key, shared(inner)]));
  return { ...(inside(schema) as object), $defs: definitions };
}

/** Objects of properties are none; none of them has an option that is called like a keyword with this kind of value. */
function isSchema(part: Json): boolean {
  return isKeywords(part) && (Array.isArray(part.anyOf) || typeof part.type === 'string');
}
