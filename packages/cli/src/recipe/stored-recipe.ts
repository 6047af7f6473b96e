import { CheckpointMismatchError, checkOptions, EspalierError, epochsToSteps, type Json } from '@espalier/core';
import { requireDataset } from '../data/require-dataset.js';
import { UsageError } from '../errors.js';
import { lossReference, metricReference } from '../loss/names.js';
import { givenOptions } from '../method/given-options.js';
import type { KnownMethod } from '../method/known-method.js';
import { loadMethod } from '../method/load-method.js';
import { overRecipe } from '../method/over-recipe.js';
import { requireModel } from '../network/require-model.js';
import { defined, rateInSteps } from './complete-recipe.js';
import { upgraded } from './former-recipe.js';
import type { Recipe, RequestedOptions, StepsPerEpoch } from './recipe.js';
import { recipeRules } from './recipe-rules.js';
import { trainingRunOf } from './training-run.js';

/**
 * The recipe that a run was started with, out of the metadata of one of its checkpoints.
 *
 * @throws {@link UsageError} if there is none.
 * @throws {@link CheckpointMismatchError} if it cannot be followed.
 */
export function storedRecipe({ recipe }: { readonly [key: string]: Json }): Recipe {
  if (!isRecord(recipe)) {
    throw new UsageError('The checkpoint in --out was not made by this command, so --resume cannot know its options.');
  }
  try {
    const current: unknown = upgraded(recipe);
    checkOptions<Recipe>(current, recipeRules, 'recipe');
    requireDataset(current.dataset, 'recipe.dataset');
    if (current.model !== null) requireModel(current.model, 'recipe.model');
    if (current.loss !== undefined) lossReference(current.loss, 'recipe.loss');
    for (const metric of current.metric ?? []) metricReference(metric, 'recipe.metric');
    return current;
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    throw unfollowed(error);
  }
}

function unfollowed({ message }: EspalierError): CheckpointMismatchError {
  return new CheckpointMismatchError(
    `The recipe in it cannot be followed. ${message} Start a new run, or go on with the version of @espalier/cli that made it.`,
  );
}

/**
 * The method of a stored recipe.
 *
 * @throws {@link CheckpointMismatchError} if there is no such method any more, or it does not take the options.
 */
export async function storedMethod(recipe: Recipe): Promise<KnownMethod> {
  try {
    const method = await loadMethod(recipe.method, 'recipe.method');
    method.define(trainingRunOf(recipe, 1), recipe.options);
    return method;
  } catch (error) {
    if (!EspalierError.isInstance(error) || error instanceof CheckpointMismatchError) throw error;
    throw unfollowed(error);
  }
}

/** Refuses requested options that differ from those that a run was started with. */
export function requireSame(
  recipe: Recipe,
  requested: RequestedOptions,
  method: KnownMethod,
  perEpoch: StepsPerEpoch,
): void {
  const { epochs, sparsity, distribution, start, end, every, options = {}, recipeOptions = {}, ...rest } = requested;
  const stepsPerEpoch = Math.max(1, perEpoch(recipe.batchSize));
  const given = givenOptions(method, options, defined({ sparsity, distribution, start, end, every }));
  const all = overRecipe(method, recipeOptions, given);
  const wanted = {
    ...rest,
    ...rateInSteps(rest, stepsPerEpoch),
    ...(epochs === undefined ? {} : { steps: Math.round(epochs * perEpoch(recipe.batchSize)) }),
    options: method.definition ? epochsToSteps<object>(method.definition.rules, all, stepsPerEpoch) : all,
  };
  const difference = differenceOf(recipe as unknown as Json, wanted as unknown as Json, '');
  if (!difference) return;
  const { path, was, wish } = difference;
  throw new UsageError(
    `The run was started with ${path.replace(/^options\./, '')} ${was}, not ${wish}. Leave the option out, or start a new run.`,
  );
}

/** Where something that is asked for differs from what was; nested options are compared one by one. */
function differenceOf(
  stored: Json | undefined,
  wanted: Json,
  path: string,
): { readonly path: string; readonly was: string; readonly wish: string } | undefined {
  if (isRecord(wanted) && isRecord(stored)) {
    for (const [name, value] of Object.entries(wanted)) {
      const inner = differenceOf(stored[name], value, path === '' ? name : `${path}.${name}`);
      if (inner) return inner;
    }
    return undefined;
  }
  if (JSON.stringify(stored ?? null) === JSON.stringify(wanted)) return undefined;
  return { path, was: shown(stored), wish: shown(wanted) };
}

function shown(value: Json | undefined): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
