import { InvalidOptionError } from '../errors/option-errors.js';
import { checkOptions } from '../options/check-options.js';
import { withDataForm } from '../options/data-form.js';
import type { OptionRule, OptionRules } from '../options/option-rule.js';
import { optionsSchema } from '../options/options-data.js';
import { rules } from '../options/rules.js';
import type { LearningRatePlan, LearningRateSegment } from './learning-rate-segment.js';

const shape = rules.oneOf('constant', 'linear', 'cosine', 'values');
const length = rules.steps({ from: 1 });
const rate = rules.number({ from: 0 });
const ramp = { shape, length, from: rate, to: rate };

const rulesByShape: ReadonlyMap<unknown, OptionRules<object>> = new Map<unknown, OptionRules<object>>([
  ['constant', { shape, length, value: rate }],
  ['linear', ramp],
  ['cosine', ramp],
  ['values', { shape, values: atLeastOne('rate', rate) }],
]);

function requireSegment(option: string, segment: LearningRateSegment): void {
  if (typeof segment !== 'object' || segment === null) throw new InvalidOptionError(option, segment, 'an object');
  shape(`${option}.shape`, segment.shape as never);
  checkOptions(segment, rulesByShape.get(segment.shape) ?? ramp, option);
}

function atLeastOne(noun: string, entry: OptionRule): OptionRule {
  const each = rules.list(entry);
  const check = (option: string, value: readonly unknown[]): void => {
    if (!Array.isArray(value) || value.length === 0) {
      throw new InvalidOptionError(option, value, `an array of at least one ${noun}`);
    }
    each(option, value as never);
  };
  return withDataForm(check, { type: 'array', minItems: 1, items: entry.data?.schema ?? true });
}

/**
 * Refuses segments of a learning-rate plan that could not be followed or saved.
 *
 * @param option - Name of the option, for the message.
 * @param segments - What was given.
 * @throws {@link InvalidOptionError} if there are none, a shape is not known, a length is not an integer ≥ 1, or a rate
 *   is negative or not finite; {@link UnknownOptionError} if a segment has a field that its shape does not have.
 *
 * @example
 * ```ts
 * import { requireLearningRateSegments } from '@espalier/core';
 *
 * // Returns; 'linar' would throw.
 * requireLearningRateSegments('segments', [{ shape: 'linear', length: 100, from: 0.1, to: 0 }]);
 * ```
 */
export const requireLearningRateSegments: (option: string, segments: readonly LearningRateSegment[]) => void =
  atLeastOne('segment', requireSegment) as (option: string, segments: readonly LearningRateSegment[]) => void;

withDataForm(requireLearningRateSegments, {
  type: 'array',
  minItems: 1,
  items: {
    anyOf: [...rulesByShape].map(([name, checks]) => {
      return optionsSchema({ ...checks, shape: rules.oneOf(name as string) } as OptionRules<object>);
    }),
  },
});

export function requirePlan(plan: LearningRatePlan): void {
  checkOptions<LearningRatePlan>(plan, {
    start: rules.steps({ from: 0 }),
    segments: requireLearningRateSegments,
  });
}
