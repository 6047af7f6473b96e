import {
  EspalierError,
  type Json,
  type OptionRule,
  requireSchedule,
  rules,
  type ScheduleData,
  scheduleFromData,
} from '@espalier/core';
import { UsageError } from '../errors.js';
import { commaHint, type ParsedOptions, text } from './read.js';
import { yamlValue } from './yaml-value.js';

/** The highest learning rate of a cosine, or a schedule. */
export type LearningRate = ScheduleData;

/** Schedules by their shape; a number alone is the highest rate and not a constant one. */
const shapes = (requireSchedule as OptionRule).data?.schema as { readonly anyOf: readonly { readonly type: string }[] };
const schema = {
  anyOf: [{ type: 'number', minimum: 0 }, ...shapes.anyOf.filter(({ type }) => type === 'object')] as unknown as Json,
};

/** What a recipe may say of it. */
export const learningRateRule: OptionRule = rules.that(
  'a number of at least 0 or a schedule',
  value => refusal(value as Json) === undefined,
  schema,
);

/**
 * What `--learning-rate` says: a number, or a schedule in YAML such as
 * `{ shape: stepwise, from: 0.1, milestones: [80 epochs] }`, whose epochs are not steps yet.
 */
export function learningRate(given: ParsedOptions): LearningRate | undefined {
  const found: unknown = given['learning-rate'];
  if (typeof found === 'object' && found !== null) return found as LearningRate;
  const value = text(given, 'learning-rate');
  if (value === undefined) return undefined;
  if (/^\s*\{/.test(value)) return yamlValue('--learning-rate', value) as LearningRate;
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN;
  if (number >= 0 && number < Infinity) return number;
  throw new UsageError(
    `--learning-rate is "${value}", but must be a number of at least 0, or a schedule such as "{ shape: stepwise, from: 0.1, milestones: [80 epochs] }".${commaHint(value)}`,
  );
}

/** What is wrong with a learning rate; `undefined` if nothing is. */
export function refusal(value: Json): string | undefined {
  if (typeof value === 'number')
    return value >= 0 && value < Infinity ? undefined : 'It must be a number of at least 0.';
  try {
    scheduleFromData(value as ScheduleData, 'learningRate');
    return undefined;
  } catch (error) {
    if (EspalierError.isInstance(error)) return error.message;
    throw error;
  }
}
