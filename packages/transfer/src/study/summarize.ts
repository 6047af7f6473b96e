import { checkOptions, type OptionRules, rules } from '@espalier/core';
import { groupBy } from './group-by.js';
import { type Spread, spreadOf } from './spread.js';
import type { Selection, StudyResult, TransferProtocol } from './study-result.js';
import { requireResults } from './study-result.js';

/** Accuracy of one method at one sparsity on one task, over its seeds. */
export interface TaskSummary {
  /** Method that made the checkpoint. */
  readonly method: string;
  /** Its sparsity, in [0, 1). */
  readonly sparsity: number;
  /** Name of the task. */
  readonly task: string;
  /** How it was transferred. */
  readonly protocol: TransferProtocol;
  /** Accuracy of every run, in [0, 1], by ascending seed. */
  readonly perSeed: readonly SeedValue[];
  /** Mean and sample deviation of these. */
  readonly accuracy: Spread;
}

/** A value that belongs to one seed. */
export interface SeedValue {
  /** The seed. */
  readonly seed: number;
  /** The value. */
  readonly value: number;
}

/** Which runs of a study are looked at, and which of their accuracies. */
export interface SummaryOptions {
  /**
   * Accuracy that counts. Rows that lack it are left out.
   *
   * @defaultValue 'final'
   */
  readonly select?: Selection | undefined;
}

/** A rule for every option of {@link summarize}. */
export const summaryRules: OptionRules<SummaryOptions> = { select: rules.optional(rules.oneOf('final', 'bestOnTest')) };

/**
 * Accuracies of a study by protocol, method, sparsity and task: mean and sample deviation over the seeds, and every
 * value.
 *
 * @param results - Runs in any order.
 * @param options - Which accuracy counts.
 * @returns One entry for each combination that has a run, in the order in which they first appear.
 * @throws {@link InvalidOptionError} if a row is impossible or there twice.
 *
 * @example
 * ```ts
 * import { summarize } from '@espalier/transfer';
 *
 * const run = { method: 'GMP', sparsity: 0.9, task: 'pets', protocol: 'linear' } as const;
 * const [pets] = summarize([
 *   { ...run, seed: 21, final: 0.9, bestOnTest: 0.91 },
 *   { ...run, seed: 51, final: 0.92, bestOnTest: 0.92 },
 * ]);
 * console.log(pets?.accuracy); // { mean: 0.91, deviation: 0.0141… }
 * ```
 */
export function summarize(results: readonly StudyResult[], options: SummaryOptions = {}): TaskSummary[] {
  checkOptions<SummaryOptions>(options, summaryRules);
  requireResults(results);
  const { select = 'final' } = options;
  const counted = results.flatMap(({ final, bestOnTest, ...run }) => {
    const value = { final, bestOnTest }[select];
    return value === undefined ? [] : [{ ...run, value }];
  });
  return groupBy(counted, run => [run.protocol, run.method, run.sparsity, run.task]).map(group => {
    const { method, sparsity, task, protocol } = group[0];
    const perSeed = group.map(({ seed, value }) => ({ seed, value })).sort((a, b) => a.seed - b.seed);
    return { method, sparsity, task, protocol, perSeed, accuracy: spreadOf(perSeed.map(({ value }) => value)) };
  });
}
