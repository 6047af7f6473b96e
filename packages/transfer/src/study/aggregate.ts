import { checkOptions, rules } from '@espalier/core';
import { IncompleteStudyError, UndefinedChangeError } from '../errors.js';
import { type Group, groupBy } from './group-by.js';
import { meanOf, spreadOf } from './spread.js';
import type { Selection, StudyResult, TransferProtocol } from './study-result.js';
import { type SeedValue, summarize, summaryRules, type TaskSummary } from './summarize.js';

/**
 * Change of one method at one sparsity against the baseline, averaged over tasks. All changes are fractions: 0.1 is +10
 * %.
 */
export interface Aggregate {
  /** How the checkpoints were transferred. */
  readonly protocol: TransferProtocol;
  /** Method that made the checkpoints. */
  readonly method: string;
  /** Their sparsity, in [0, 1). */
  readonly sparsity: number;
  /** Accuracy that counted. */
  readonly select: Selection;
  /** Mean over tasks of (error − baseline error) / baseline error. Negative is better than the baseline. */
  readonly error: Change;
  /** Mean over tasks of (accuracy − baseline accuracy) / baseline accuracy. Positive is better. */
  readonly accuracy: Change;
  /** Tasks that were averaged, in the order of the baseline's. */
  readonly tasks: readonly string[];
  /** Tasks of the baseline that have no run here. Means over different tasks must not be compared. */
  readonly missing: readonly string[];
}

/** A relative change and its scatter over seeds. */
export interface Change {
  /** Change of the accuracies that are averaged over seeds first, as the study has it. */
  readonly mean: number;
  /** Sample deviation of `perSeed`; `null` for fewer than two seeds. */
  readonly deviation: number | null;
  /** Change of each seed that ran on all of `tasks`, against the baseline's mean over its seeds. */
  readonly perSeed: readonly SeedValue[];
}

/** How {@link aggregate} compares. */
export interface AggregateOptions {
  /**
   * Accuracy that counts; rows that lack it are left out. Aggregate twice to see both.
   *
   * @defaultValue 'final'
   */
  readonly select?: Selection | undefined;
  /**
   * Method of the unpruned network.
   *
   * @defaultValue 'dense'
   */
  readonly baseline?: string | undefined;
}

/**
 * The study's aggregate: relative change of the error against the unpruned network, averaged over tasks, by protocol,
 * method and sparsity. Rankings differ between the protocols, so both are kept apart.
 *
 * Accuracies are averaged over seeds first, then compared task by task, then averaged over tasks.
 *
 * @param results - Runs of a study in any order, those of the baseline among them.
 * @param options - Which accuracy counts, and which method is the baseline.
 * @returns One entry for each method and sparsity but the baseline's, by protocol, sparsity, then first appearance.
 * @throws {@link InvalidOptionError} if a row is impossible or there twice.
 * @throws {@link IncompleteStudyError} if the baseline has no run on a task, or runs at several sparsities.
 * @throws {@link UndefinedChangeError} if the baseline has accuracy 0 or 1 on a task.
 * @see Iofinova et al. 2022, "How well do sparse ImageNet models transfer?", {@link https://arxiv.org/abs/2111.13445}.
 *
 * @example An error that grows from 20 % to 25 % grows by a quarter.
 * ```ts
 * import { aggregate } from '@espalier/transfer';
 *
 * const run = { task: 'pets', protocol: 'linear', seed: 21 } as const;
 * const [magnitude] = aggregate([
 *   { ...run, method: 'dense', sparsity: 0, final: 0.8 },
 *   { ...run, method: 'magnitude', sparsity: 0.9, final: 0.75 },
 * ]);
 * console.log(magnitude?.error.mean, magnitude?.accuracy.mean); // 0.25 -0.0625
 * ```
 */
export function aggregate(results: readonly StudyResult[], options: AggregateOptions = {}): Aggregate[] {
  checkOptions<AggregateOptions>(options, { ...summaryRules, baseline: rules.optional(rules.text) });
  const { select = 'final', baseline = 'dense' } = options;
  const summaries = summarize(results, { select });
  const aggregates: Aggregate[] = [];
  for (const protocol of ['linear', 'full'] as const) {
    const here = summaries.filter(summary => summary.protocol === protocol);
    const dense = baselineOf(here, baseline, protocol);
    for (const group of groupsOf(here.filter(({ method }) => method !== baseline))) {
      const { method, sparsity } = group[0];
      const changes = group.map(summary => {
        const before = dense.get(summary.task);
        if (before === undefined) throw missingBaseline(baseline, summary.task, protocol);
        return changeOf(summary, before);
      });
      const present = new Set(group.map(({ task }) => task));
      aggregates.push({
        protocol,
        method,
        sparsity,
        select,
        error: averageOf(changes.map(({ error }) => error)),
        accuracy: averageOf(changes.map(({ accuracy }) => accuracy)),
        tasks: [...dense.keys()].filter(task => present.has(task)),
        missing: [...dense.keys()].filter(task => !present.has(task)),
      });
    }
  }
  return aggregates;
}

/** Mean accuracy of the baseline by task. */
function baselineOf(here: readonly TaskSummary[], baseline: string, protocol: string): Map<string, number> {
  const dense = new Map<string, number>();
  for (const { task, accuracy } of here.filter(({ method }) => method === baseline)) {
    if (dense.has(task)) throw new IncompleteStudyError(`a single sparsity of the baseline on "${task}" (${protocol})`);
    if (accuracy.mean === 0 || accuracy.mean === 1) throw new UndefinedChangeError(task, accuracy.mean);
    dense.set(task, accuracy.mean);
  }
  return dense;
}

/** Summaries of the same method and sparsity, in ascending sparsity. */
function groupsOf(summaries: readonly TaskSummary[]): Group<TaskSummary>[] {
  const groups = groupBy(summaries, ({ method, sparsity }) => [method, sparsity]);
  return groups.sort(([a], [b]) => a.sparsity - b.sparsity);
}

interface TaskChange {
  readonly mean: number;
  readonly perSeed: readonly SeedValue[];
}

/** Relative changes of error and accuracy on one task against the baseline's accuracy `before`. */
function changeOf(summary: TaskSummary, before: number): { error: TaskChange; accuracy: TaskChange } {
  const relative = (change: (accuracy: number) => number): TaskChange => ({
    mean: change(summary.accuracy.mean),
    perSeed: summary.perSeed.map(({ seed, value }) => ({ seed, value: change(value) })),
  });
  return {
    error: relative(after => (before - after) / (1 - before)),
    accuracy: relative(after => (after - before) / before),
  };
}

/** Mean over tasks, and that of every seed that is there for all of them. */
function averageOf(changes: readonly TaskChange[]): Change {
  const bySeed = groupBy(
    changes.flatMap(({ perSeed }) => perSeed),
    ({ seed }) => [seed],
  );
  const perSeed = bySeed
    .filter(({ length }) => length === changes.length)
    .map(group => ({ seed: group[0].seed, value: meanOf(group.map(({ value }) => value)) }));
  const deviation = perSeed.length > 1 ? spreadOf(perSeed.map(({ value }) => value)).deviation : null;
  return { mean: meanOf(changes.map(({ mean }) => mean)), deviation, perSeed };
}

function missingBaseline(baseline: string, task: string, protocol: string): IncompleteStudyError {
  return new IncompleteStudyError(`the baseline "${baseline}" on "${task}" (${protocol})`);
}
