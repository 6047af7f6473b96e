import type { Json } from '../method/json.js';
import type { OptionData } from './options-data.js';

/**
 * The number at a place in options that are written as data, for defaults that follow from it.
 *
 * @param data - The options.
 * @param path - Names from the outermost in.
 * @returns The number; `undefined` if there is none.
 *
 * @example
 * ```ts
 * import { numberIn } from '@espalier/core';
 *
 * numberIn({ cadence: { every: 50 } }, 'cadence', 'every'); // 50
 * ```
 */
export function numberIn(data: OptionData, ...path: readonly string[]): number | undefined {
  let found: Json | undefined = data;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
    found = Object.hasOwn(found, name) ? (found as OptionData)[name] : undefined;
  }
  return typeof found === 'number' ? found : undefined;
}
