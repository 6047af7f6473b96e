import { InvalidOptionError, type OptionRule, type OptionRules, requireSparsity, rules } from '@espalier/core';

/** How a checkpoint was transferred: a linear classifier on frozen features, or all active weights trained. */
export type TransferProtocol = 'linear' | 'full';

/**
 * Which accuracy of a run counts: that after the last epoch, or the best that any epoch reached on the test set. The
 * second is what the published study reports; it is a selection on test data and so too good by a little.
 */
export type Selection = 'final' | 'bestOnTest';

/** Outcome of one run: one checkpoint on one task under one protocol with one seed. A study is a list of these. */
export interface StudyResult {
  /** Method that made the checkpoint, e.g. `AC/DC`; that of the unpruned network is the baseline. */
  readonly method: string;
  /** Sparsity of the checkpoint, in [0, 1). */
  readonly sparsity: number;
  /** Name of the task. */
  readonly task: string;
  /** How it was transferred. */
  readonly protocol: TransferProtocol;
  /** Seed of the run. */
  readonly seed: number;
  /** Accuracy after the last epoch, in the task's metric, in [0, 1]. */
  readonly final?: number | undefined;
  /** Best accuracy of any epoch on the test set, in [0, 1]. */
  readonly bestOnTest?: number | undefined;
}

const { integer, oneOf, optional, text } = rules;
const accuracy = rules.that('an accuracy in [0, 1]', value => typeof value === 'number' && value >= 0 && value <= 1);

/** How a checkpoint was transferred. */
export const protocolRule: OptionRule = oneOf('linear', 'full');

/** What all runs of one row of a table have in common. */
export const runRules: OptionRules<Pick<StudyResult, 'method' | 'sparsity' | 'task' | 'protocol'>> = {
  method: text,
  sparsity: requireSparsity as OptionRule,
  task: text,
  protocol: protocolRule,
};

const resultRules: OptionRules<StudyResult> = {
  ...runRules,
  seed: integer(),
  final: optional(accuracy),
  bestOnTest: optional(accuracy),
};

/** Refuses impossible rows, and two rows of the same run. */
export function requireResults(results: readonly StudyResult[]): void {
  rules.list(rules.object<StudyResult>(resultRules))('results', results as never);
  const seen = new Set<string>();
  results.forEach(({ method, sparsity, task, protocol, seed }, index) => {
    const key = JSON.stringify([method, sparsity, task, protocol, seed]);
    if (seen.has(key)) {
      throw new InvalidOptionError(
        `results[${index}]`,
        `${method} on ${task} again`,
        'another run than all before it, seed included',
      );
    }
    seen.add(key);
  });
}
