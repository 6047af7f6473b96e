import { checkOptions, InvalidOptionError, requireSparsity, rules } from '@espalier/core';
import { type Scores, scoreIn } from '../scores/scores.js';
import { type Spread, spreadOf } from '../study/spread.js';
import { protocolRule, type StudyResult, type TransferProtocol } from '../study/study-result.js';
import type { TaskMetric, TransferTask } from '../task/task.js';

/** Scores on the test set after one epoch. */
export interface EpochScore extends Scores {
  /** Index of the epoch, from 0. */
  readonly epoch: number;
  /** Learning rate of the epoch. */
  readonly learningRate: number;
  /** Mean training loss over the steps of the epoch. */
  readonly loss: number;
}

/** One run with one seed. */
export interface TransferRun {
  /** Seed of the head's weights and of the order of examples. */
  readonly seed: number;
  /** Scores after the last epoch. */
  readonly final: EpochScore;
  /**
   * Scores after the epoch that was best in the task's metric, the earliest among equals. Chosen by looking at the test
   * set, as the published study does, and so too good by a little: no estimate for new data.
   */
  readonly bestOnTest: EpochScore;
  /** Every epoch that was scored, in order. */
  readonly history: readonly EpochScore[];
}

/** Mean and sample deviation over the seeds. */
export interface ScoreSpread {
  /** Of the top-1 accuracy. */
  readonly top1: Spread;
  /** Of the mean per-class accuracy. */
  readonly meanPerClass: Spread;
}

/** What a checkpoint reaches on a task. */
export interface TransferResult {
  /** How it was transferred. */
  readonly protocol: TransferProtocol;
  /** Name of the task. */
  readonly task: string;
  /** The task's metric, by which `bestOnTest` was chosen. */
  readonly metric: TaskMetric;
  /** Every run, in the order of the seeds. */
  readonly runs: readonly TransferRun[];
  /** Over the runs, after the last epoch. */
  readonly final: ScoreSpread;
  /** Over the runs, at the best epoch of each: a selection on test data. */
  readonly bestOnTest: ScoreSpread;
}

export function runOf(seed: number, history: readonly EpochScore[], metric: TaskMetric): TransferRun {
  const [first, ...rest] = history;
  const final = history.at(-1);
  if (!first || !final) throw new RangeError('A run has at least one scored epoch.');
  const better = (a: EpochScore, b: EpochScore): EpochScore => (scoreIn(metric, b) > scoreIn(metric, a) ? b : a);
  return { seed, final, bestOnTest: rest.reduce(better, first), history };
}

export function resultOf(
  protocol: TransferProtocol,
  { name, metric }: Pick<TransferTask, 'name' | 'metric'>,
  runs: readonly TransferRun[],
): TransferResult {
  const spread = (pick: (run: TransferRun) => Scores): ScoreSpread => ({
    top1: spreadOf(runs.map(run => pick(run).top1)),
    meanPerClass: spreadOf(runs.map(run => pick(run).meanPerClass)),
  });
  const [final, bestOnTest] = [spread(run => run.final), spread(run => run.bestOnTest)];
  return { protocol, task: name, metric, runs, final, bestOnTest };
}

/**
 * A result as rows of a study, one a seed, in the task's metric.
 *
 * @param result - From {@link linearProbe} or another protocol.
 * @param checkpoint - Method that made the checkpoint, and its sparsity in [0, 1).
 * @throws {@link InvalidOptionError} and {@link UnknownOptionError} if one of them is something else.
 *
 * @example
 * ```ts
 * import { studyResults, type StudyResult, type TransferResult } from '@espalier/transfer';
 *
 * export function rows(result: TransferResult): StudyResult[] {
 *   return studyResults(result, { method: 'GMP', sparsity: 0.9 });
 * }
 * ```
 */
export function studyResults(
  result: TransferResult,
  checkpoint: Pick<StudyResult, 'method' | 'sparsity'>,
): StudyResult[] {
  requireTransferResult(result);
  checkOptions<typeof checkpoint>(checkpoint, { method: rules.text, sparsity: requireSparsity }, 'checkpoint');
  const { protocol, task, metric, runs } = result;
  const { method, sparsity } = checkpoint;
  return runs.map(({ seed, final, bestOnTest }) => ({
    method,
    sparsity,
    task,
    protocol,
    seed,
    final: scoreIn(metric, final),
    bestOnTest: scoreIn(metric, bestOnTest),
  }));
}

/** Refuses what no protocol gave; fields that are not read here may be anything. */
function requireTransferResult(result: unknown): void {
  const { protocol, task, metric, runs } = fieldsOf('result', result);
  protocolRule('result.protocol', protocol as never);
  rules.text('result.task', task as never);
  rules.oneOf('top-1', 'mean-per-class')('result.metric', metric as never);
  rules.list((option, run) => {
    const { seed, final, bestOnTest } = fieldsOf(option, run);
    rules.integer()(`${option}.seed`, seed as never);
    for (const [name, scores] of Object.entries({ final, bestOnTest })) {
      const { top1, meanPerClass } = fieldsOf(`${option}.${name}`, scores);
      for (const [score, value] of Object.entries({ top1, meanPerClass })) {
        rules.number({ from: 0, to: 1 })(`${option}.${name}.${score}`, value as never);
      }
    }
  })('result.runs', runs as never);
}

function fieldsOf(option: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new InvalidOptionError(option, value, 'an object');
}
