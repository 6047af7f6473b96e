import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Json } from '@espalier/core';
import { isPath } from '../method/import-module.js';
import { isBuiltIn, looksLikeFile } from '../network/is-built-in.js';
import type { ParsedOptions } from '../options/read.js';
import type { CheckedRecipe } from './checked-recipe.js';
import { keyOf, recipeOptionRules } from './option-rules.js';

/** Options that name one file or directory. */
const paths = new Set(['data', 'from', 'weights', 'teacher', 'out']);

/** Options that name modules, between commas or in a list. */
const modules = new Set(['register', 'loss', 'metric']);

/** What a recipe says, as a command line would have said it; its paths are relative to its file. */
export function recipeArguments({ entries, source: { directory } }: CheckedRecipe): ParsedOptions {
  const options = Object.keys(recipeOptionRules).filter(option => entries.has(keyOf(option)));
  const given = options.map((option): [string, unknown] => {
    const value = entries.get(keyOf(option)) as Json;
    if (paths.has(option)) return [option, resolve(directory, String(value))];
    if (option === 'model') return [option, modelPath(String(value), directory)];
    if (modules.has(option)) {
      const parts = Array.isArray(value) ? value : String(value).split(',');
      return [option, parts.map(part => modulePath(String(part).trim(), directory, option === 'register')).join(',')];
    }
    if (Array.isArray(value) && option === 'class-weights') return [option, value.join(',')];
    return [option, typeof value === 'number' ? String(value) : value];
  });
  return Object.fromEntries(given) as ParsedOptions;
}

/** The method's name, or its file from the recipe's directory on. */
export function recipeMethod({ method, source: { directory } }: CheckedRecipe): string | undefined {
  return method === undefined ? undefined : modulePath(method, directory);
}

function modelPath(written: string, directory: string): string {
  const path = resolve(directory, written);
  const isFile = !isBuiltIn(written) && (looksLikeFile(written) || existsSync(path));
  return isFile ? path : written;
}

/** A module with the `#name` behind it; what is no path stays a name. */
function modulePath(written: string, directory: string, always = false): string {
  const [file = '', ...name] = written.split('#');
  return always || isPath(file) ? [resolve(directory, file), ...name].join('#') : written;
}
