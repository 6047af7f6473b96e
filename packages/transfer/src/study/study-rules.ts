import { InvalidOptionError, type OptionRule, requireSparsity, rules } from '@espalier/core';
import type { Aggregate, Change } from './aggregate.js';
import type { Spread } from './spread.js';
import { protocolRule, runRules } from './study-result.js';
import type { SeedValue, TaskSummary } from './summarize.js';

const { integer, list, number, object, oneOf, text } = rules;

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
    protocol: protocolRule,
    method: text,
    sparsity: requireSparsity as OptionRule,
    select: oneOf('final', 'bestOnTest'),
    error: change,
    accuracy: change,
    tasks: list(text),
    missing: list(text),
  }),
);

/** A list of what `summarize` gives. */
export const summariesRule: OptionRule = list(
  object<TaskSummary>({ ...runRules, perSeed, accuracy: object<Spread>({ mean: number(), deviation }) }),
);
