import type { KnownMethod } from '../method/known-method.js';
import { askedMethod, inRecipe, requireWritten } from '../recipe-file/asked-for.js';
import type { AskedFor } from '../recipe-file/with-recipe.js';
import { completeRecipe } from './complete-recipe.js';
import type { Recipe, RequestedOptions, StepsPerEpoch } from './recipe.js';
import { trainingRunOf } from './training-run.js';

/**
 * The method that is asked for. As much about its options is checked as can be without data: each by itself, and where
 * nothing is counted in epochs, all together.
 */
export async function methodFor(asked: AskedFor, requested: RequestedOptions): Promise<KnownMethod> {
  const method = await askedMethod(asked, requested.method);
  requireWritten(method, requested.options ?? {});
  if (requested.steps !== undefined && !/"[\d.]+ epochs?"/.test(JSON.stringify(requested))) {
    inRecipe(asked, () => followable(requested, method, () => 1));
  }
  return method;
}

/** A complete recipe whose method has been made of its options once. */
export function followable(requested: RequestedOptions, method: KnownMethod, perEpoch: StepsPerEpoch): Recipe {
  const recipe = completeRecipe(requested, method, perEpoch);
  // What is made by code of others is made once alone, for the run itself.
  if (method.definition) method.define(trainingRunOf(recipe, perEpoch(recipe.batchSize)), recipe.options);
  return recipe;
}
