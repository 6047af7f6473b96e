import type { Json } from '../method/json.js';

/**
 * A JSON Schema (draft 2020-12) as plain data. `true` accepts everything, `false` nothing: it stands for options that
 * cannot be written as data, such as callbacks.
 */
export type JsonSchema = boolean | { readonly [keyword: string]: Json };
