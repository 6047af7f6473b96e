import { isObject } from '../layers-model/model-json.js';

/** The same JSON with other layers in references, `[layer, call, output]`. */
export function redirected(value: unknown, ends: ReadonlyMap<string, string>, depth = 0): unknown {
  if (depth > 40 || ends.size === 0) return value;
  if (Array.isArray(value)) {
    const [layer, call] = value as unknown[];
    const end = typeof layer === 'string' && typeof call === 'number' ? ends.get(layer) : undefined;
    const parts = value.map(part => redirected(part, ends, depth + 1));
    return end === undefined ? parts : [end, ...parts.slice(1)];
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, redirected(part, ends, depth + 1)]));
}
