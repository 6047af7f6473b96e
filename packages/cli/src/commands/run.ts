import { join } from 'node:path';
import { type DirectoryLock, lockDirectory } from '@espalier/core/node';
import { stepsPerEpoch } from '@espalier/datasets';
import { dataRequest } from '../data/data-request.js';
import { UsageError } from '../errors.js';
import { scoreLine } from '../loss/format-evaluation.js';
import { denseMethod, denseTraining } from '../method/registry.js';
import { writtenOptions } from '../method/written-options.js';
import { featurePlace, refusePlace } from '../network/feature-place.js';
import { openOrigin, registered } from '../network/network-request.js';
import { bytes } from '../options/bytes.js';
import { type ParsedOptions, text, whole } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import type { Progress } from '../output/progress.js';
import { createProgress } from '../output/progress.js';
import { followable, methodFor } from '../recipe/followable.js';
import { intervalsOf } from '../recipe/intervals.js';
import type { Recipe, RequestedOptions } from '../recipe/recipe.js';
import { requestedOptions } from '../recipe/requested-options.js';
import { requireSame, storedMethod, storedRecipe } from '../recipe/stored-recipe.js';
import { askedMethod, inRecipe } from '../recipe-file/asked-for.js';
import { withRecipe } from '../recipe-file/with-recipe.js';
import { openTeacher } from '../teacher/open-teacher.js';
import { chooseBackend } from '../work/backend.js';
import { execute } from '../work/execute.js';
import { findCheckpoint } from '../work/find-checkpoint.js';
import { findCheckpointToResume } from '../work/find-checkpoint-to-resume.js';
import { listenForInterrupt } from '../work/interrupt.js';
import { chooseNormalization, normalizationOfData, requireSameNormalization } from '../work/normalization.js';
import { type DenseKernel, openRun } from '../work/open-run.js';
import { openRunData, withBeginning } from '../work/open-run-data.js';
import { needsNoData, pruneAlone } from '../work/prune-alone.js';
import { requireWritable } from '../work/require-writable.js';
import type { RunResult } from '../work/run-result.js';

/** Runs `train` or `prune` from options to result. */
export async function runTraining(
  command: 'train' | 'prune',
  parsed: ParsedOptions,
  rawArgs: readonly string[] = [],
): Promise<Outcome> {
  const progress = createProgress();
  const asked = await withRecipe(parsed, line => progress.line(line));
  const { given, recipeOptions } = asked;
  const written = inRecipe(asked, () => ({ ...requestedOptions(given, writtenOptions(rawArgs)), recipeOptions }));
  const request = inRecipe(asked, () => dataRequest(given));
  const wanted = command === 'train' || given.resume === true ? undefined : await methodFor(asked, written);
  const directory = text(given, 'out') ?? join('runs', command);
  const every = {
    checkpointEvery: whole(given, 'checkpoint-every', 1),
    evaluateEvery: whole(given, 'evaluate-every', 1),
  };
  const memoryLimit = bytes(given, 'memory-limit');
  const interrupt = listenForInterrupt(() => progress.line('Saving a checkpoint. Once more to stop at once.'));
  const { signal } = interrupt;
  let lock: DirectoryLock | undefined;
  try {
    const requested = await withFoundFile(written, progress);
    await requireWritable(directory);
    lock = await lockDirectory(directory);
    const checkpoint = await findCheckpointToResume(directory, given.resume === true, progress, memoryLimit);
    const stored = checkpoint && storedRecipe(checkpoint.metadata);
    if (stored && (command === 'train') !== (stored.method === denseMethod))
      throw new UsageError(
        `The run in ${directory} was started with the other command. Go on with: espalier ${command === 'train' ? 'prune' : 'train'} --resume --out ${directory}`,
      );
    const backend = await chooseBackend(text(given, 'backend'));
    const from = await openOrigin(checkpoint ? {} : requested, given, progress);
    const method =
      command === 'train'
        ? denseTraining
        : (wanted ?? (await (stored ? storedMethod(stored) : askedMethod(asked, requested.method))));
    const place = featurePlace(given);
    if (!checkpoint && !from)
      refusePlace(place, 'is for the network of --from or --model, and this run begins with a new one');
    if (from && (await needsNoData(requested, request, from))) {
      refusePlace(place, 'makes a classifier for the classes of examples: name some with --data');
      const option = text(given, 'normalization');
      const result = await pruneAlone({ requested, origin: from, option, request, backend, directory, signal });
      if (result.dense.length > 0) progress.line(denseLine(result.dense));
      return { json: result, lines: summary(result), exitCode: interrupt.exitCode() };
    }
    const loading = {
      request,
      progress,
      signal,
      memoryLimit,
      newHead: given['keep-head'] !== true,
      place,
    };
    const beginning = await openRunData(
      stored?.loss === undefined ? requested : { ...requested, loss: stored.loss },
      { checkpoint, origin: from },
      loading,
    );
    const { data, origin } = beginning;
    const channels = data.shape[2];
    const normalization = await chooseNormalization({
      option: text(given, 'normalization'),
      checkpoint: checkpoint ?? origin,
      channels,
      otherwise: normalizationOfData(data, !(checkpoint ?? origin)),
    });
    if (checkpoint) requireSameNormalization(normalization, checkpoint);
    const { mean, std } = normalization;
    const perEpoch = (batchSize: number): number => stepsPerEpoch(data, batchSize);
    const complete: Recipe =
      stored ?? inRecipe(asked, () => followable(withBeginning(requested, beginning), method, perEpoch));
    if (stored) requireSame(stored, requested, method, perEpoch);
    const normalize = { mean, std };
    const lesson = {
      data,
      normalize,
      register: registered(given),
      memoryLimit,
      say: (line: string) => progress.line(line),
    };
    const teacher = await openTeacher(complete, lesson);
    const recipe = teacher ? { ...complete, teacher: teacher.teacher } : complete;
    const run = await openRun(recipe, data, { method, checkpoint, origin, normalize });
    progress.line(
      `${normalization.from === 'guess' ? 'Warning: images' : 'Images'} are normalized as ${normalization.of}: ${normalization.why}.`,
    );
    progress.line(`${recipe.steps} steps on ${backend.name}, to ${directory}.`);
    if (recipe.method !== denseMethod && run.dense.length > 0) progress.line(denseLine(run.dense));
    const options = {
      command,
      recipe,
      data,
      normalization,
      backend,
      directory,
      intervals: intervalsOf(every, checkpoint?.metadata),
      progress,
      signal,
    };
    const result = await execute(run, teacher, options).finally(() => {
      run.dispose();
      teacher?.dispose();
    });
    return { json: result, lines: summary(result), exitCode: interrupt.exitCode() };
  } catch (error) {
    const aborted = interrupt.exitCode() !== 0 && error instanceof Error && error.name === 'AbortError';
    if (!aborted) throw error;
    return {
      json: { command, reason: 'aborted' },
      lines: [stoppedEarly(command, directory, given.resume === true)],
      exitCode: interrupt.exitCode(),
    };
  } finally {
    await lock?.release();
    progress.stop();
    interrupt.release();
  }
}

function stoppedEarly(command: string, directory: string, resume: boolean): string {
  return resume
    ? `Stopped before a step was made. Go on with: espalier ${command} --resume --out ${directory}`
    : 'Stopped before a step was made: there is nothing to resume. The same command begins again, with what was downloaded so far.';
}

function summary({ reason, clock, sparsity, evaluation, seconds, directory, model, command }: RunResult): string[] {
  if (reason === 'aborted') {
    return [`Stopped after step ${clock.step}. Go on with: espalier ${command} --resume --out ${directory}`];
  }
  const pruned = `${(100 * sparsity).toFixed(2)} % of the prunable weights pruned`;
  if (!evaluation) {
    const why = 'no dataset is named, and digits has not its images. Name one with --dataset if it fits';
    return [`${pruned}. Not evaluated: ${why}.`, `The network: ${model}`];
  }
  return [
    `${scoreLine(evaluation)} on ${evaluation.examples} test examples, ${pruned}.`,
    `${clock.step} steps in all, ${seconds.toFixed(1)} s for those of this call. The network: ${model}`,
  ];
}

/** `--from` may name the directory of a run. */
async function withFoundFile(requested: RequestedOptions, progress: Progress): Promise<RequestedOptions> {
  if (!requested.from || requested.architecture) return requested;
  return { ...requested, from: await findCheckpoint(requested.from, line => progress.line(line)) };
}

function denseLine(dense: readonly DenseKernel[]): string {
  const shown = dense.slice(0, 8).map(({ name, reason }) => `${name} (${reason})`);
  const more = dense.length > shown.length ? ` and ${dense.length - shown.length} more` : '';
  const hint = dense.some(({ reason }) => reason !== 'left dense')
    ? ' --include brings in what is dense by default.'
    : '';
  return `Not pruned: ${shown.join(', ')}${more}.${hint}`;
}
