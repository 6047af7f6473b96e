import type { BackendDescription } from '@espalier/backend';
import { type Checkpoint, withNormalization } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { completeRecipe } from '../recipe/complete-recipe.js';
import type { RequestedOptions } from '../recipe/recipe.js';
import { storedDataset } from '../recipe/stored-dataset.js';
import { fits } from './data.js';
import { chooseNormalization, storedNormalization } from './normalization.js';
import { openRun } from './open-run.js';
import { networkOf, type RunResult, writeResult } from './run-result.js';

/** A network to prune at once, and where to. */
export interface Alone {
  readonly requested: RequestedOptions;
  readonly origin: Checkpoint;
  /** The option `--normalization`. */
  readonly option: string | undefined;
  readonly backend: BackendDescription;
  readonly directory: string;
}

/**
 * Whether there is nothing to look at: the network is only to be pruned, no dataset is named, and the usual one has not
 * its images. Pruning by size needs none.
 */
export async function needsNoData({ steps, dataset }: RequestedOptions, origin: Checkpoint): Promise<boolean> {
  if (steps !== 0 || dataset !== undefined || storedDataset(origin) !== undefined) return false;
  const model = await toModel(origin);
  try {
    return !fits(model, 'digits');
  } finally {
    model.dispose();
  }
}

/** Prunes the network of `--from` and writes it, without a dataset and so without judging it. */
export async function pruneAlone({ requested, origin, option, backend, directory }: Alone): Promise<RunResult> {
  const started = performance.now();
  const recipe = completeRecipe(requested, 'magnitude', () => 0);
  const run = await openRun(recipe, undefined, { origin });
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
      model: networkOf(directory),
    };
    const { metadata } = origin;
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
