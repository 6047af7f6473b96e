import {
  activeMagnitude,
  type Checkpoint,
  type DefinedRun,
  distributionFromData,
  type MethodState,
  scheduleFromData,
} from '@espalier/core';
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
import { type Normalization, stepsPerEpoch } from '@espalier/datasets';
import { modelByName } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type RunData, shapesOf } from '../data/run-data.js';
import { whyDense } from '../inspect/why-dense.js';
import { chooseJudging, type Judging } from '../loss/judging.js';
import type { KnownMethod } from '../method/known-method.js';
import type { Recipe } from '../recipe/recipe.js';
import { selectionOf } from '../recipe/selection.js';
import { rateOver, trainingRunOf } from '../recipe/training-run.js';
import { gradientsOf } from './gradients-of.js';
import { setStatisticsMomentum, staleStatistics } from './statistics-momentum.js';

/** A kernel that no method may mask. */
export interface DenseKernel {
  readonly name: string;
  readonly reason: string;
}

/** A network with the session that trains it. */
export interface Run {
  readonly model: LayersModel;
  readonly session: PruningSession<MethodState>;
  /** How it is judged; absent where nothing is looked at. */
  readonly judging: Judging | undefined;
  /** Positions to train to. */
  readonly positions: number;
  /** Kernels that are not pruned, and why. */
  readonly dense: readonly DenseKernel[];
  dispose(): void;
}

/** What a run begins with, if anything: a checkpoint of its own to go on from, or the network of `--from`. */
export interface Beginning {
  readonly checkpoint?: Checkpoint | undefined;
  readonly origin?: Checkpoint | undefined;
}

/** What a run is opened with besides its recipe and its data. */
export interface Opening extends Beginning {
  readonly method: KnownMethod;
  /** What images are normalized with; left out where none are looked at. */
  readonly normalize?: Normalization | undefined;
}

/**
 * Opens the run of a recipe: where `checkpoint` left it, or at its beginning. Without a dataset, `beginning` has the
 * network.
 */
export async function openRun(recipe: Recipe, data: RunData | undefined, beginning: Opening): Promise<Run> {
  const { seed } = recipe;
  const weightDecay = recipe.steps > 0 ? recipe.weightDecay : 0; // nothing decays that is not trained
  const { checkpoint, method, normalize } = beginning;
  const origin = checkpoint ?? beginning.origin;
  const model = origin ? await toModel(origin) : modelByName(recipe.model ?? '', { ...shapesOf(data), seed });
  const { batchNormMomentum } = recipe;
  if (batchNormMomentum !== undefined) setStatisticsMomentum(model, batchNormMomentum);
  const stale = origin && !checkpoint ? staleStatistics(model, recipe.steps) : undefined;
  if (stale !== undefined) console.warn(stale);
  const run = trainingRunOf(recipe, data ? stepsPerEpoch(data, recipe.batchSize) : 1);
  const defined = method.define(run, recipe.options);
  const learningRate = scheduleFromData(rateOver(recipe, recipe.steps > 0 ? defined.rateOver : 0));
  const first = typeof recipe.learningRate === 'number' ? recipe.learningRate : learningRate(0);
  const optimizer = tf.train.momentum(first, 0.9);
  const weights = modelWeights(model, selectionOf(recipe, origin));
  const judging = data && (await chooseJudging(recipe, model, data));
  const loss = judging?.ofExamples;
  const gradients =
    judging && normalize && gradientsOf(model, judging.data, { seed, loss, normalize, step: () => session.clock.step });
  const exampleLosses = gradients?.exampleLosses;
  const options = { weights, optimizer, learningRate, weightDecay, seed, onWarning, exampleLosses };
  const session: PruningSession<MethodState> = await (checkpoint
    ? PruningSession.resume(defined.method, options, checkpoint)
    : startSession(recipe, defined, options, masksOf(weights, origin)));
  return {
    model,
    session,
    judging,
    positions: recipe.steps > 0 ? defined.positions : 0,
    dense: weights
      .filter(({ role, prunable }) => role === 'kernel' && !prunable)
      .map(weight => ({ name: weight.name, reason: whyDense(weight.name, weight) })),
    dispose: () => {
      gradients?.close().catch(() => {}); // what failed in it has failed the run
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
  { steps, options: { sparsity, distribution = 'global' } }: Recipe,
  { method }: DefinedRun,
  options: SessionOptions,
  masks: Checkpoint['masks'] | undefined,
): Promise<PruningSession<MethodState>> {
  if (steps > 0) return PruningSession.start(method, { ...options, ...(masks ? { masks } : {}) });
  const spread = distributionFromData(distribution);
  const pruned = await pruneOnce(options.weights, activeMagnitude, sparsity as number, spread, { onWarning });
  // Emptied layers were told of by the cut.
  const once = (warning: SessionWarning): void => void (warning.code === 'LAYERS_EMPTIED' || onWarning(warning));
  const cut = { ...method, start: () => ({ state: null, masks: pruned }) };
  return PruningSession.start(cut, { ...options, onWarning: once });
}
