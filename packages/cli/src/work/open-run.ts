import { activeMagnitude, type Checkpoint, cosine, global, warmUp } from '@espalier/core';
import {
  disposeOptimizer,
  type ModelWeight,
  modelWeights,
  PruningSession,
  pruneOnce,
  type SessionOptions,
  type SessionWarning,
  toModel,
} from '@espalier/core/tfjs';
import { modelByName } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type RunData, shapesOf } from '../data/run-data.js';
import { whyDense } from '../inspect/why-dense.js';
import { distributionByName } from '../options/distributions.js';
import { methodOf } from '../recipe/method.js';
import type { Recipe } from '../recipe/recipe.js';
import { selectionOf } from '../recipe/selection.js';

/** A kernel that no method may mask. */
export interface DenseKernel {
  readonly name: string;
  readonly reason: string;
}

/** A network with the session that trains it. */
export interface Run {
  readonly model: LayersModel;
  readonly session: PruningSession<null>;
  /** Kernels that are not pruned, and why. */
  readonly dense: readonly DenseKernel[];
  dispose(): void;
}

/** What a run begins with, if anything: a checkpoint of its own to go on from, or the network of `--from`. */
export interface Beginning {
  readonly checkpoint?: Checkpoint | undefined;
  readonly origin?: Checkpoint | undefined;
}

/**
 * Opens the run of a recipe: where `checkpoint` left it, or at its beginning. Without a dataset, `beginning` has the
 * network.
 */
export async function openRun(recipe: Recipe, data: RunData | undefined, beginning: Beginning): Promise<Run> {
  const { seed } = recipe;
  const weightDecay = recipe.steps > 0 ? recipe.weightDecay : 0; // nothing decays that is not trained
  const { checkpoint } = beginning;
  const origin = checkpoint ?? beginning.origin;
  const model = origin ? await toModel(origin) : modelByName(recipe.model ?? '', { ...shapesOf(data), seed });
  const optimizer = tf.train.momentum(recipe.learningRate, 0.9);
  const learningRate = warmUp(
    cosine({ from: recipe.learningRate, start: Math.min(recipe.warmUp, recipe.steps), end: recipe.steps }),
    { steps: recipe.warmUp },
  );
  const weights = modelWeights(model, selectionOf(recipe, origin));
  const options = { weights, optimizer, learningRate, weightDecay, seed, onWarning };
  const session = await (checkpoint
    ? PruningSession.resume(methodOf(recipe), options, checkpoint)
    : startSession(recipe, options, masksOf(weights, origin)));
  return {
    model,
    session,
    dense: weights
      .filter(({ role, prunable }) => role === 'kernel' && !prunable)
      .map(weight => ({ name: weight.name, reason: whyDense(weight.name, weight) })),
    dispose: () => {
      session.dispose();
      disposeOptimizer(optimizer);
      model.dispose();
    },
  };
}

/** Says what the line about dense kernels does not say. */
function onWarning({ code, message }: SessionWarning): void {
  if (code !== 'FROZEN_LAYERS_DENSE') console.warn(message);
}

/** The masks that a network brings along, without those of weights that are now left dense. */
function masksOf(weights: readonly ModelWeight[], origin: Checkpoint | undefined): Checkpoint['masks'] | undefined {
  if (origin === undefined) return undefined;
  const prunable = new Set(weights.filter(weight => weight.prunable).map(({ name }) => name));
  return new Map([...origin.masks].filter(([name]) => prunable.has(name)));
}

/** A run of no steps is pruned here and now; everything else by its method, while it trains. */
async function startSession(
  recipe: Recipe,
  options: SessionOptions,
  masks: Checkpoint['masks'] | undefined,
): Promise<PruningSession<null>> {
  if (recipe.steps > 0) return PruningSession.start(methodOf(recipe), { ...options, ...(masks ? { masks } : {}) });
  const distribution = distributionByName(recipe.distribution) ?? global;
  const pruned = await pruneOnce(options.weights, activeMagnitude, recipe.sparsity, distribution, { onWarning });
  return PruningSession.start({ ...methodOf(recipe), start: () => ({ state: null, masks: pruned }) }, options);
}
