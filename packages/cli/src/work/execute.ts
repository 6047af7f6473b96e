import { join } from 'node:path';
import type { BackendDescription } from '@espalier/backend';
import { type Clock, type Json, withNormalization } from '@espalier/core';
import { makeDirectory, writeCheckpoint, writeFileAtomic } from '@espalier/core/node';
import { type Split, stepsPerEpoch } from '@espalier/datasets';
import { type Evaluation, evaluate, softmaxCrossEntropy, type TrainResult, train } from '@espalier/trainer';
import { saveCheckpoint } from '@espalier/trainer/node';
import type { Progress } from '../output/progress.js';
import type { Recipe } from '../recipe/recipe.js';
import { type ChosenNormalization, storedNormalization } from '../transfer/normalization.js';
import { testBatches, trainingBatches } from './data.js';
import type { Run } from './open-run.js';
import { showEvents } from './show-events.js';

/** What {@link execute} needs besides the run itself. */
export interface Execution {
  readonly command: string;
  readonly recipe: Recipe;
  readonly split: Split;
  /** What its images are normalized with. */
  readonly normalization: ChosenNormalization;
  readonly backend: BackendDescription;
  readonly directory: string;
  readonly checkpointEvery: number;
  readonly evaluateEvery: number | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What a run came to, as `--json` prints it and `result.json` keeps it. */
export interface RunResult {
  readonly command: string;
  readonly reason: 'finished' | 'aborted';
  readonly clock: Clock;
  readonly sparsity: number;
  /** Accuracy and loss on the test examples; `null` if the run was aborted before the first evaluation. */
  readonly evaluation: Evaluation | null;
  readonly seconds: number;
  readonly recipe: Recipe;
  readonly normalization: ChosenNormalization;
  readonly backend: BackendDescription;
  readonly directory: string;
  /** Kernels that are not pruned, and why. */
  readonly dense: Run['dense'];
  /** File with the network, without the optimizer's state; `null` if the run was aborted. */
  readonly model: string | null;
}

/** Trains to the end of the recipe or to the abort, and writes what is asked for. */
export async function execute({ model, session, dense }: Run, options: Execution): Promise<RunResult> {
  const { command, recipe, split, backend, directory, progress, signal } = options;
  const started = performance.now();
  const metadata = withNormalization({ recipe: recipe as unknown as Json }, storedNormalization(options.normalization));
  const { labelSmoothing } = recipe;
  const loss = labelSmoothing > 0 ? softmaxCrossEntropy({ labelSmoothing }) : undefined; // else what the network asks for
  const heldOut = testBatches(split, 250);
  progress.start(session.clock.position, recipe.steps);
  const { reason, clock, sparsity, evaluation }: TrainResult =
    recipe.steps === 0
      ? { ...untrained(session), evaluation: await evaluate(model, heldOut(), { loss }) }
      : await train({
          session,
          model,
          loss,
          steps: recipe.steps,
          batches: trainingBatches(split, recipe),
          evaluation: {
            every: options.evaluateEvery ?? stepsPerEpoch(split.train, recipe.batchSize),
            batches: heldOut,
          },
          checkpoint: {
            every: options.checkpointEvery,
            save: checkpoint => saveCheckpoint(join(directory, 'checkpoints'), checkpoint),
            metadata,
          },
          onEvent: showEvents(progress, () => session.sparsity),
          signal,
        });
  progress.stop();
  const finished = reason === 'finished' ? join(directory, 'model.safetensors') : null;
  const seconds = (performance.now() - started) / 1000;
  const result: RunResult = {
    ...{ command, reason, clock, sparsity, evaluation: evaluation ?? null, seconds, recipe },
    ...{ normalization: options.normalization, backend, directory },
    dense,
    model: finished,
  };
  if (finished !== null) {
    await makeDirectory(directory);
    await writeCheckpoint(finished, await session.checkpoint({ model, metadata, slots: false, snapshots: false }));
    const bytes = new TextEncoder().encode(`${JSON.stringify(result, null, 2)}\n`);
    await writeFileAtomic(join(directory, 'result.json'), bytes);
  }
  return result;
}

function untrained({ clock, sparsity }: Run['session']): TrainResult {
  return { reason: 'finished', clock, sparsity };
}
