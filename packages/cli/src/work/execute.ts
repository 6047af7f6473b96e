import { join } from 'node:path';
import type { BackendDescription } from '@espalier/backend';
import { type Json, withNormalization } from '@espalier/core';
import { stepsPerEpoch } from '@espalier/datasets';
import { evaluate, type TrainResult, train } from '@espalier/trainer';
import { saveCheckpoint } from '@espalier/trainer/node';
import { withData } from '../data/data-metadata.js';
import type { RunData } from '../data/run-data.js';
import type { Progress } from '../output/progress.js';
import { type Intervals, withIntervals } from '../recipe/intervals.js';
import type { Recipe } from '../recipe/recipe.js';
import { inWordsOfCommands } from '../teacher/in-words-of-commands.js';
import type { OpenedTeacher } from '../teacher/open-teacher.js';
import { type ChosenNormalization, storedNormalization } from './normalization.js';
import type { Run } from './open-run.js';
import { emptiedOf, networkOf, type RunResult, writeResult } from './run-result.js';
import { showEvents } from './show-events.js';
import { stopIfAborted } from './stop-if-aborted.js';

/** What {@link execute} needs besides the run itself. */
export interface Execution {
  readonly command: string;
  readonly recipe: Recipe;
  readonly data: RunData;
  /** What its images are normalized with. */
  readonly normalization: ChosenNormalization;
  readonly backend: BackendDescription;
  readonly directory: string;
  readonly intervals: Intervals;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Trains to the end of the recipe or to the abort, and writes what is asked for. */
export async function execute(run: Run, teacher: OpenedTeacher | undefined, options: Execution): Promise<RunResult> {
  const { model, session, dense, positions } = run;
  const { loss, metrics, data: judged = options.data } = run.judging ?? {};
  const { command, recipe, data, intervals, backend, directory, progress, signal } = options;
  const distillation = teacher?.distillation(model);
  const started = performance.now();
  const { mean, std } = options.normalization;
  const normalize = { mean, std };
  const metadata = withNormalization(
    withData({ recipe: recipe as unknown as Json }, data),
    storedNormalization(options.normalization),
  );
  const heldOut = judged.testing(evaluationBatch(data), normalize);
  const { batchSize, seed } = recipe;
  const training = judged.training({ batchSize, seed, normalize, steps: positions });
  progress.start(session.clock.step, recipe.steps);
  const { reason, clock, sparsity, evaluation }: TrainResult =
    recipe.steps === 0
      ? { ...untrained(session), evaluation: await evaluate(model, heldOut(), { loss, metrics, signal }) }
      : await train({
          session,
          model,
          loss,
          distillation,
          steps: positions,
          batches: training.batches,
          evaluation: {
            every: intervals.evaluateEvery ?? stepsPerEpoch(data, batchSize),
            batches: heldOut,
            metrics,
          },
          checkpoint: {
            every: intervals.checkpointEvery,
            save: checkpoint => saveCheckpoint(join(directory, 'checkpoints'), checkpoint),
            metadata: withIntervals(metadata, intervals),
          },
          onEvent: showEvents(progress, () => session.sparsity),
          signal,
        })
          .catch((error: unknown) => {
            throw inWordsOfCommands(error, recipe.teacher);
          })
          .finally(() => training.close());
  progress.stop();
  const finished = reason === 'finished' ? networkOf(directory) : null;
  const seconds = (performance.now() - started) / 1000;
  const result: RunResult = {
    command,
    reason,
    clock,
    sparsity,
    evaluation: evaluation ?? null,
    seconds,
    recipe,
    normalization: options.normalization,
    backend,
    directory,
    dense,
    emptied: emptiedOf(session),
    model: finished,
  };
  if (recipe.steps === 0) await stopIfAborted(signal);
  if (finished !== null) await writeResult(run, metadata, result);
  return result;
}

/** Examples that are judged together: 250 of 32x32, fewer of larger images. */
function evaluationBatch({ shape: [height, width] }: RunData): number {
  return Math.min(250, Math.max(16, Math.floor((250 * 4096) / (height * width))));
}

function untrained({ clock, sparsity }: Run['session']): TrainResult {
  return { reason: 'finished', clock, sparsity };
}
