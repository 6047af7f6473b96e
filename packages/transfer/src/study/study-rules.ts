import { InvalidOptionError, type OptionRule, type OptionRules, requireSparsity, rules } from '@espalier/core';
import type { Aggregate, Change } from './aggregate.js';
import type { Spread } from './spread.js';
import type { StudyResult } from './study-result.js';
import type { SeedValue, TaskSummary } from './summarise.js';

const { integer, list, number, object, oneOf, optional, text, that } = rules;
const accuracy = that('an accuracy in [0, 1]', value => typeof value === 'number' && value >= 0 && value <= 1);

/** How a checkpoint was transferred. */
export const protocolRule: OptionRule = oneOf('linear', 'full');

const run = { method: text, sparsity: requireSparsity as OptionRule, task: text, protocol: protocolRule };

/** One row of a study. */
export const resultRules: OptionRules<StudyResult> = {
  ...run,
  seed: integer(),
  final: optional(accuracy),
  bestOnTest: optional(accuracy),
};

const deviation: OptionRule = (option, value: unknown) => {
  if (value !== null && !(typeof value === 'number' && value >= 0)) {
    throw new InvalidOptionError(option, value, 'a number of at least 0, or null');
  }
};
const perSeed = list(object<SeedValue>({ seed: integer(), value: number() }));
const change = object<Change>({ mean: number(), deviation, perSeed });

/** A list of what `aggregate` gives. */
export const aggregatesRule: OptionRule = list(
  object<Aggregate>({
    ...{ protocol: protocolRule, method: text, sparsity: requireSparsity as OptionRule },
    ...{
      select: oneOf('final', 'bestOnTest'),
      error: change,
      accuracy: change,
      tasks: list(text),
      missing: list(text),
    },
  }),
);

/** A list of what `summarise` gives. */
export const summariesRule: OptionRule = list(
  object<TaskSummary>({ ...run, perSeed, accuracy: object<Spread>({ mean: number(), deviation }) }),
);
