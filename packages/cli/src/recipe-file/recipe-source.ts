import type { Json } from '@espalier/core';
import { type Path, type Problem, pathText } from '../schema/problem.js';
import { RecipeError, type RecipeProblem } from './recipe-error.js';

/** Where something stands in a text, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The two places of an entry: that of its name, and that of its value. */
export interface Entry {
  readonly name?: Position | undefined;
  readonly value: Position;
}

/** A recipe as it is written, before anybody has looked at what it says. */
export interface RecipeSource {
  /** File, or `preset:NAME`. */
  readonly file: string;
  /** Directory that paths in it are relative to. */
  readonly directory: string;
  readonly value: Json;
  /** Places by {@link placeKey}; empty for modules. */
  readonly places: ReadonlyMap<string, Entry>;
}

/** Key of a path in {@link RecipeSource.places}. */
export const placeKey = (path: Path): string => JSON.stringify(path);

/** The same with the place in the file: of the innermost entry on the way that has one. */
export function located({ places }: Pick<RecipeSource, 'places'>, { path, name, message }: Problem): RecipeProblem {
  for (let length = path.length; length >= 0; length--) {
    const entry = places.get(placeKey(path.slice(0, length)));
    if (!entry) continue;
    const { line, column } = (name && length === path.length ? entry.name : undefined) ?? entry.value;
    return { path: pathText(path), line, column, message };
  }
  return { path: pathText(path), message };
}

/** Refuses a recipe with all that is wrong with it, from the first line to the last. */
export function refuseRecipe(source: RecipeSource, problems: readonly Problem[], options?: ErrorOptions): never {
  const all = problems.map(problem => located(source, problem));
  const order = (one: RecipeProblem, other: RecipeProblem): number =>
    (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
  throw new RecipeError(source.file, all.sort(order), options);
}
