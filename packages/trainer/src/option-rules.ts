import { type OptionRule, rules } from '@espalier/core';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A loss; whose outputs it is for is seen with the model. */
export const lossRule: OptionRule = rules.that(
  'a function, or an object with losses of outputs',
  value => typeof value === 'function' || isObject(value),
);

/** A metric, with its output or without. */
export const metricRule: OptionRule = rules.that(
  'a function of outputs and labels, or { output, metric }',
  value =>
    typeof value === 'function' || (isObject(value) && typeof (value as { metric?: unknown }).metric === 'function'),
);

/** Metrics by their names. */
export const metricsRule: OptionRule = rules.that('an object of metrics by their names', value => {
  return (
    isObject(value) && Object.values(value as object).every(metric => typeof metric === 'function' || isObject(metric))
  );
});
