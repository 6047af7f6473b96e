import { InvalidOptionError } from '../errors/option-errors.js';
import { withDataForm } from '../options/data-form.js';
import type { OptionRules } from '../options/option-rule.js';
import { type OptionData, optionsFromData, optionsSchema } from '../options/options-data.js';
import { rules } from '../options/rules.js';
import { nearestName } from '../text/nearest-name.js';
import { scheduleOf } from './learning-rate-plan.js';
import { requireLearningRateSegments } from './learning-rate-rules.js';
import type { LearningRateSegment } from './learning-rate-segment.js';
import { constant, cosine, linear, polynomial } from './ramps.js';
import { requireSchedule } from './require-schedule.js';
import type { Schedule } from './schedule.js';
import { stepwise, warmUp } from './steps.js';

/** With its form as data, which a rule made of it must have from the first. */
export { requireSchedule };

/**
 * A schedule as plain data: the name of its shape beside the options of the function of that name. `warmUp` lets the
 * value rise from 0 over so many steps first, as {@link warmUp} does; a number alone is constant.
 */
export type ScheduleData =
  | number
  | ({ readonly warmUp?: number | undefined } & (
      | { readonly shape: 'constant'; readonly value: number }
      | {
          readonly shape: 'linear';
          readonly from: number;
          readonly to: number;
          readonly start: number;
          readonly end: number;
        }
      | {
          readonly shape: 'cosine';
          readonly from: number;
          readonly to?: number;
          readonly start: number;
          readonly end: number;
        }
      | {
          readonly shape: 'polynomial';
          readonly from?: number;
          readonly to: number;
          readonly start: number;
          readonly end: number;
          readonly power?: number;
        }
      | {
          readonly shape: 'stepwise';
          readonly from: number;
          readonly milestones: readonly number[];
          readonly factor?: number;
        }
      | { readonly shape: 'segments'; readonly start: number; readonly segments: readonly LearningRateSegment[] }
    ));

const number = rules.number();
const place = rules.steps({ from: 0 });
const common = { shape: rules.text, warmUp: rules.optional(place) };
const window = { ...common, start: place, end: place };

/** What each shape takes, and what it makes. */
const shapes: ReadonlyMap<string, { readonly checks: OptionRules<object>; readonly make: (of: never) => Schedule }> =
  new Map(
    Object.entries({
      constant: {
        checks: { ...common, value: number },
        make: ({ value }: { value: number }) => constant(value),
      },
      linear: { checks: { ...window, from: number, to: number }, make: linear },
      cosine: { checks: { ...window, from: number, to: rules.optional(number) }, make: cosine },
      polynomial: {
        checks: {
          ...window,
          from: rules.optional(number),
          to: number,
          power: rules.optional(rules.number({ above: 0 })),
        },
        make: polynomial,
      },
      stepwise: {
        checks: { ...common, from: number, milestones: rules.list(place), factor: rules.optional(number) },
        make: stepwise,
      },
      segments: {
        checks: { ...common, start: place, segments: requireLearningRateSegments },
        make: scheduleOf,
      },
    }),
  );

/**
 * The schedule that is written in a recipe.
 *
 * @param written - A number, or a shape with its options.
 * @param option - Name of the option, for the message.
 * @returns The schedule.
 * @throws {@link InvalidOptionError} if there is no such shape, or an option of it will not do.
 * @throws {@link UnknownOptionError} if the shape has no such option.
 *
 * @example Half a cosine wave from 0.1 to 0 over 1000 steps, after a rise over the first 50.
 * ```ts
 * import { scheduleFromData } from '@espalier/core';
 *
 * const rate = scheduleFromData({ shape: 'cosine', from: 0.1, start: 50, end: 1000, warmUp: 50 });
 * rate(50); // 0.1
 * ```
 */
export function scheduleFromData(written: ScheduleData, option = 'schedule'): Schedule {
  if (typeof written === 'number') {
    number(option, written as never);
    return constant(written);
  }
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new InvalidOptionError(option, written, 'a number, or an object with a shape');
  }
  const found = shapes.get(written.shape);
  if (!found) {
    const names = [...shapes.keys()];
    const meant = nearestName(written.shape, names);
    const remedy = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw new InvalidOptionError(`${option}.shape`, written.shape, `one of ${names.join(', ')}${remedy}`);
  }
  const {
    shape: _,
    warmUp: steps,
    ...options
  } = optionsFromData<object>(found.checks, written as OptionData, option) as {
    readonly shape: string;
    readonly warmUp?: number;
  };
  const schedule = found.make(options as never);
  return steps === undefined || steps === 0 ? schedule : warmUp(schedule, { steps });
}

withDataForm(
  requireSchedule,
  {
    anyOf: [
      { type: 'number' },
      ...[...shapes].map(([name, { checks }]) =>
        optionsSchema({ ...checks, shape: rules.oneOf(name) } as OptionRules<object>),
      ),
    ],
  },
  (option, written) => scheduleFromData(written as ScheduleData, option),
);
