import { CheckpointMismatchError, checkOptions, EspalierError, type Json } from '@espalier/core';
import { requireDataset } from '../data/require-dataset.js';
import { UsageError } from '../errors.js';
import { requireModel } from '../network/require-model.js';
import type { Recipe, RequestedOptions, StepsPerEpoch } from './recipe.js';
import { recipeRules } from './recipe-rules.js';

/** Refuses two options that say the same in different ways. */
export function requireConsistent({ epochs, steps, from, model }: RequestedOptions): void {
  if (epochs !== undefined && steps !== undefined) throw new UsageError('Give --epochs or --steps, not both.');
  if (from && model) throw new UsageError('Give --from or --model: the network of --from is already built.');
}

/** Fills in everything that was not asked for. */
export function completeRecipe(
  requested: RequestedOptions,
  defaultMethod: Recipe['method'],
  perEpoch: StepsPerEpoch,
): Recipe {
  const { epochs, ...wanted } = requested;
  requireConsistent(requested);
  const batchSize = wanted.batchSize ?? 64;
  const steps = wanted.steps ?? Math.round((epochs ?? 5) * perEpoch(batchSize));
  const from = wanted.from ?? null;
  const method = wanted.method ?? defaultMethod;
  if (steps === 0 && (from === null || method !== 'one-shot')) {
    throw new UsageError('A run of 0 steps is only possible for --method one-shot with --from.');
  }
  const warmUp = wanted.warmUp ?? Math.min(50, Math.floor(steps / 10));
  if (steps > 0 && warmUp >= steps)
    throw new UsageError(`--warm-up is ${warmUp}, but the run has only ${steps} steps.`);
  const start = wanted.start ?? (from === null ? Math.floor(steps / 8) : 0);
  const end = method === 'magnitude' ? (wanted.end ?? Math.max(start, Math.floor((2 * steps) / 3))) : start;
  return {
    dataset: 'digits',
    seed: 0,
    learningRate: 0.05,
    weightDecay: 1e-4,
    labelSmoothing: 0,
    sparsity: method === 'dense' ? 0 : 0.9,
    distribution: 'global',
    every: Math.max(1, Math.floor((end - start) / 40)),
    ...wanted,
    model: from === null ? (wanted.model ?? 'smallConvNet') : null,
    from,
    steps,
    batchSize,
    warmUp,
    method,
    start,
    end,
  };
}

/** The recipe in the metadata of a checkpoint, checked. */
function checkedRecipe({ recipe }: { readonly [key: string]: Json }): Recipe {
  if (typeof recipe !== 'object' || recipe === null || Array.isArray(recipe)) {
    throw new UsageError('The checkpoint in --out was not made by this command, so --resume cannot know its options.');
  }
  try {
    checkOptions<Recipe>(recipe, recipeRules, 'recipe');
    requireDataset(recipe.dataset, 'recipe.dataset');
    if (recipe.model !== null) requireModel(recipe.model, 'recipe.model');
    return recipe;
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    throw new CheckpointMismatchError(
      `The recipe in it cannot be followed. ${error.message} Start a new run, or go on with the version of @espalier/cli that made it.`,
    );
  }
}

/**
 * The recipe that a run was started with, out of the metadata of one of its checkpoints; refuses requested options that
 * differ.
 */
export function storedRecipe(
  metadata: { readonly [key: string]: Json },
  requested: RequestedOptions,
  perEpoch: StepsPerEpoch,
): Recipe {
  const recipe = checkedRecipe(metadata);
  const { epochs, ...rest } = requested;
  const wanted: RequestedOptions = {
    ...rest,
    ...(epochs === undefined ? {} : { steps: Math.round(epochs * perEpoch(recipe.batchSize)) }),
  };
  for (const [key, value] of Object.entries(wanted)) {
    const was = recipe[key as keyof Recipe];
    if (JSON.stringify(was) === JSON.stringify(value)) continue;
    throw new UsageError(
      `The run was started with ${key} ${was}, not ${value}. Leave the option out, or start a new run.`,
    );
  }
  return recipe;
}
