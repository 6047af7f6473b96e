import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json } from '@espalier/core';
import { FileAccessError } from '@espalier/core/node';
import { importUrl } from '../method/import-module.js';
import { wordsOf } from '../method/method-error.js';
import { type Path, type Problem, pathText, shown } from '../schema/problem.js';
import { RecipeError } from './recipe-error.js';
import { refuseRecipe } from './recipe-source.js';

/** Milliseconds after which it is said what is waited for. */
const PATIENCE = 5000;

/** Deepest nesting. */
const DEEPEST = 50;

/**
 * What a module exports as `recipe` or as its default, as plain data. TypeScript is compiled on the way.
 *
 * @param say - Told what is waited for if the module takes long to load.
 * @throws {@link RecipeError} if it cannot be loaded, exports no recipe, or what JSON has not.
 * @throws {@link FileAccessError} if there is no such file.
 */
export async function moduleValue(file: string, say: (line: string) => void): Promise<Json> {
  const path = resolve(file);
  const found = await stat(path).catch(error => {
    throw new FileAccessError(file, 'read', error);
  });
  const refuse = (message: string, options?: ErrorOptions): never => {
    throw new RecipeError(file, [{ path: '', message }], options);
  };
  if (!found.isFile()) refuse('That is no regular file. Name the file of a recipe.');
  // A pending timer also keeps the process alive, which would end silently if the module waits for nothing.
  const timer = setInterval(() => say(`${file} is still being loaded. Stop with Ctrl-C.`), PATIENCE);
  const exported = await importUrl(pathToFileURL(path).href)
    .catch(cause => refuse(`It cannot be loaded: ${wordsOf(cause)}`, { cause }))
    .finally(() => clearInterval(timer));
  const recipe = exported.recipe ?? exported.default;
  const names = Object.keys(exported).join(', ') || 'nothing';
  if (recipe === undefined) {
    refuse(`It exports ${names}, and no recipe. Write: export const recipe = { method: 'rigl', … };`);
  }
  const problems: Problem[] = [];
  const value = plain(recipe, [], problems);
  if (problems.length > 0) refuseRecipe({ file, directory: '', value: null, places: new Map() }, problems);
  return value;
}

/** Plain data; everything else is named with its path. Entries that are `undefined` are left out. */
function plain(value: unknown, path: Path, problems: Problem[]): Json {
  const refuse = (what: string): null => {
    const where = path.length === 0 ? 'The recipe' : pathText(path);
    problems.push({
      path,
      message: `${where} is ${what}, but a recipe is plain data: objects, lists, texts, numbers.`,
    });
    return null;
  };
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(String(value));
  if (typeof value !== 'object') return refuse(typeof value === 'function' ? 'a function' : `a ${typeof value}`);
  if (path.length > DEEPEST) return refuse(`nested deeper than ${DEEPEST} levels, or in itself`);
  if (Array.isArray(value)) return value.map((item, i) => plain(item, [...path, i], problems));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return refuse(value instanceof Promise ? 'a promise' : `of the class ${shown(value.constructor?.name)}`);
  }
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([name, inner]) => [name, plain(inner, [...path, name], problems)]));
}
