import { existsSync } from 'node:fs';
import type { BackendDescription } from '@espalier/backend';
import { type Checkpoint, withNormalization } from '@espalier/core';
import { type DataRequest, requireNoImageOptions } from '../data/data-request.js';
import { storedOwnData } from '../data/own-data.js';
import { UsageError } from '../errors.js';
import { loadMethod } from '../method/load-method.js';
import { completeRecipe } from '../recipe/complete-recipe.js';
import type { RequestedOptions } from '../recipe/recipe.js';
import { storedDataset } from '../recipe/stored-dataset.js';
import { withImageSize } from '../transfer/image-size.js';
import { endsOf, fits } from './network-ends.js';
import { chooseNormalization, storedNormalization } from './normalization.js';
import { openRun } from './open-run.js';
import { emptiedOf, networkOf, type RunResult, writeResult } from './run-result.js';
import { stopIfAborted } from './stop-if-aborted.js';

/** A network to prune at once, and where to. */
export interface Alone {
  readonly requested: RequestedOptions;
  readonly origin: Checkpoint;
  /** The option `--normalization`. */
  readonly option: string | undefined;
  /** Of it only the size of the images is used: the network is made for it. */
  readonly request?: DataRequest | undefined;
  readonly backend: BackendDescription;
  readonly directory: string;
  /** Ends the work before anything is written; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whether there is nothing to look at: the network is only to be pruned, no images are named, and the usual ones do not
 * fit, or those of its training are gone. Pruning by size needs none.
 */
export async function needsNoData(
  { steps, dataset }: RequestedOptions,
  request: DataRequest,
  origin: Checkpoint,
): Promise<boolean> {
  if (steps !== 0 || dataset !== undefined || request.path !== undefined) return false;
  const own = storedOwnData(origin);
  if (own) return !existsSync(own.path);
  return storedDataset(origin) === undefined && !fits(await endsOf(origin), 'digits');
}

/** Refuses options that would have no effect, since no example is looked at. */
function requireNothingJudged(requested: RequestedOptions): void {
  const flags = {
    loss: '--loss',
    metric: '--metric',
    classWeights: '--class-weights',
    labelSmoothing: '--label-smoothing',
  };
  const given = Object.entries(flags).find(([key]) => requested[key as keyof typeof flags] !== undefined);
  if (given)
    throw new UsageError(`${given[1]} is for examples, and a prune of 0 steps looks at none. Name some with --data.`);
}

/**
 * Prunes the network of `--from` and writes it, without a dataset and so without judging it.
 *
 * @throws {@link UsageError} for options of images other than their size, and of losses and metrics.
 */
export async function pruneAlone(alone: Alone): Promise<RunResult> {
  const { requested, option, request = {}, backend, directory, signal } = alone;
  const { size, ...ofImages } = request;
  requireNoImageOptions(ofImages);
  requireNothingJudged(requested);
  const started = performance.now();
  const origin = size === undefined ? alone.origin : await withImageSize(alone.origin, size);
  const method = await loadMethod(requested.method ?? 'magnitude');
  const recipe = completeRecipe(requested, method, () => 0);
  await stopIfAborted(signal);
  const run = await openRun(recipe, undefined, { method, origin });
  try {
    const { model, session, dense } = run;
    const channels = model.inputs[0]?.shape.at(-1) ?? 1;
    const normalization = await chooseNormalization({ option, checkpoint: origin, channels, otherwise: null });
    const { clock, sparsity } = session;
    const result: RunResult = {
      command: 'prune',
      reason: 'finished',
      clock,
      sparsity,
      evaluation: null,
      seconds: (performance.now() - started) / 1000,
      recipe: { ...recipe, dataset: null },
      normalization,
      backend,
      directory,
      dense,
      emptied: emptiedOf(session),
      model: networkOf(directory),
    };
    const { metadata } = origin;
    await stopIfAborted(signal);
    await writeResult(
      run,
      normalization ? withNormalization(metadata, storedNormalization(normalization)) : metadata,
      result,
    );
    return result;
  } finally {
    run.dispose();
  }
}
