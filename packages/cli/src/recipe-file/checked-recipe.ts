import type { Json, OptionData } from '@espalier/core';
import { wrongValue } from '../schema/problem.js';
import { isKeywords, type Keywords, schemaProblems } from '../schema/schema-problems.js';
import { hasModifiers, translated } from '../sparseml/translate.js';
import { recipeSchema } from './recipe-schema.js';
import { type RecipeSource, refuseRecipe } from './recipe-source.js';

/** A recipe whose every entry has the kind that it must have. */
export interface CheckedRecipe {
  readonly source: RecipeSource;
  /** The method, if it names one. */
  readonly method: string | undefined;
  /** What it says of the method's options. */
  readonly options: OptionData;
  /** All else by its key. */
  readonly entries: ReadonlyMap<string, Json>;
}

/**
 * Checks a recipe by the schema that is published, after one of SparseML was translated.
 *
 * @throws {@link RecipeError} with all that is wrong and where.
 */
export function checkedRecipe(written: RecipeSource): CheckedRecipe {
  const source = hasModifiers(written.value) ? translated(written) : written;
  const { value } = source;
  const options = 'options by their names, such as "method: rigl"';
  if (!isKeywords(value)) {
    const message = value === null ? `It is empty. A recipe has ${options}.` : undefined;
    return refuseRecipe(source, [message ? { path: [], message } : wrongValue([], value, options)]);
  }
  const problems = schemaProblems(recipeSchema(), value);
  if (problems.length > 0) return refuseRecipe(source, problems);
  const { method, $schema: _, ...rest } = value;
  const named: Keywords = isKeywords(method) ? method : method === undefined ? {} : { name: method };
  return {
    source,
    method: typeof named.name === 'string' ? named.name : undefined,
    options: isKeywords(named.options) ? named.options : {},
    entries: new Map(Object.entries(rest).filter(([key]) => !key.startsWith('x-'))),
  };
}
