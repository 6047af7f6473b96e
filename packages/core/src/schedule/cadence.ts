import { InvalidOptionError } from '../errors/option-errors.js';
import type { Json } from '../method/json.js';
import { checkOptions } from '../options/check-options.js';
import { withDataForm } from '../options/data-form.js';
import { epochsSchema } from '../options/epochs.js';
import type { OptionRules } from '../options/option-rule.js';
import { type OptionData, optionsFromData, optionsSchema } from '../options/options-data.js';
import { rules } from '../options/rules.js';

/** Positions at which a method acts: `start`, then every `every` steps, and, unless `includeEnd` is off, `end`. */
export interface Cadence {
  /** First position, an integer ≥ 0. */
  readonly start: number;
  /**
   * Last position, an integer ≥ `start`, or `Infinity` for a method that never stops. A method that finishes something
   * at the end needs a finite one.
   */
  readonly end: number;
  /** Steps between, an integer ≥ 1. */
  readonly every: number;
  /**
   * Whether `end` is a position even if `end − start` is no multiple of `every`; if not, the last one is the last
   * multiple.
   *
   * @defaultValue true
   */
  readonly includeEnd?: boolean | undefined;
}

/**
 * True at the positions of a cadence.
 *
 * Including the last position is a deliberate difference from TensorFlow's and WoodFisher's schedules, which stop short
 * of their target when the window is no multiple of the frequency.
 *
 * @param cadence - When to act.
 * @param position - Where training is, see {@link Clock.position}.
 *
 * @example
 * ```ts
 * import { isDue } from '@espalier/core';
 *
 * [0, 1, 2, 3, 4, 5, 6].filter(position => isDue({ start: 1, end: 6, every: 2 }, position)); // [1, 3, 5, 6]
 * ```
 */
export function isDue(cadence: Cadence, position: number): boolean {
  if (typeof cadence !== 'object' || cadence === null) requireCadence('cadence', cadence);
  const { start, end, every, includeEnd = true } = cadence;
  if (!(Number.isFinite(start + every) && end >= start)) requireOpenCadence('cadence', cadence);
  if (!Number.isFinite(position)) throw new InvalidOptionError('position', position, 'a number');
  if (position < start || position > end) return false;
  return (position - start) % every === 0 || (includeEnd && position === end);
}

/**
 * Refuses a cadence that could never act as written, and one that is endless or leaves out its end: the rule for
 * methods that reach their target at `end`.
 *
 * @param option - Name of the option, for the message.
 * @param cadence - What was given.
 * @throws {@link InvalidOptionError} naming the field.
 *
 * @example
 * ```ts
 * import { requireCadence } from '@espalier/core';
 *
 * requireCadence('cadence', { start: 100, end: 1000, every: 100 }); // returns
 * ```
 */
export function requireCadence(option: string, cadence: Cadence): void {
  requireOpenCadence(option, cadence);
  const { start, end, includeEnd = true } = cadence;
  if (end === Infinity) throw new InvalidOptionError(`${option}.end`, end, `an integer ≥ ${option}.start (${start})`);
  if (!includeEnd) {
    throw new InvalidOptionError(
      `${option}.includeEnd`,
      includeEnd,
      'left out: the method reaches its target at the end',
    );
  }
}

/**
 * Refuses a cadence that could never act as written; the rule for methods that may go on for ever, or stop anywhere.
 *
 * @param option - Name of the option, for the message.
 * @param cadence - What was given; its end may be `Infinity`.
 * @throws {@link InvalidOptionError} naming the field.
 *
 * @example
 * ```ts
 * import { requireOpenCadence } from '@espalier/core';
 *
 * requireOpenCadence('cadence', { start: 100, end: Infinity, every: 100 }); // returns
 * ```
 */
export function requireOpenCadence(option: string, cadence: Cadence): void {
  checkOptions<Cadence>(cadence, cadenceRules, option);
  const { start, end } = cadence;
  if (end !== Infinity && (!Number.isSafeInteger(end) || end < start)) {
    throw new InvalidOptionError(`${option}.end`, end, `an integer ≥ ${option}.start (${start})`);
  }
}

/** What each of them must be by itself; the end is looked at with the start. */
const cadenceRules: OptionRules<Cadence> = {
  start: rules.steps({ from: 0 }),
  end: withDataForm(
    () => {},
    { anyOf: [{ type: 'integer', minimum: 0 }, { const: 'Infinity' }, epochsSchema] },
    (_, written) => (written === 'Infinity' ? Infinity : written),
  ),
  every: rules.steps({ from: 1 }),
  includeEnd: rules.optional(rules.boolean),
};

for (const rule of [requireCadence, requireOpenCadence]) {
  withDataForm(rule, optionsSchema(cadenceRules), (option, written) =>
    optionsFromData(cadenceRules, written as OptionData, option),
  );
}

/**
 * A cadence as plain data, for {@link PruningMethod.options}: JSON has no infinity, so an endless one ends at
 * `"Infinity"`.
 *
 * @param cadence - The cadence.
 * @returns `start`, `end` and `every`, and `includeEnd` only if it is off.
 *
 * @example
 * ```ts
 * import { cadenceJson } from '@espalier/core';
 *
 * cadenceJson({ start: 0, end: Infinity, every: 10 }); // { start: 0, end: 'Infinity', every: 10 }
 * ```
 */
export function cadenceJson(cadence: Cadence): Json {
  requireOpenCadence('cadence', cadence);
  const { start, end, every, includeEnd = true } = cadence;
  const described = { start, end: end === Infinity ? 'Infinity' : end, every };
  return includeEnd ? described : { ...described, includeEnd };
}
