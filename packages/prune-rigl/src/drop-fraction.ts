import {
  type Cadence,
  checkOptions,
  constant,
  cosine,
  InvalidOptionError,
  isDue,
  type Json,
  type OptionRule,
  type OptionRules,
  polynomial,
  requireOpenCadence,
  requireSchedule,
  rules,
  type Schedule,
  type ScheduleData,
  scheduleFromData,
  withDataForm,
} from '@espalier/core';

/**
 * How the drop fraction `α` falls between `start` and `end` of the cadence, with progress `t` from 0 to 1:
 *
 * - `cosine`: `α/2 · (1 + cos(π t))`;
 * - `constant`: `α`;
 * - `{ inversePower: k }`: `α · (1 − t)^k` with a number k \> 0; 1 is linear.
 *
 * @see Evci et al. 2020, section 3 (2) and the appendix on other schedules.
 */
export type Anneal = 'cosine' | 'constant' | { readonly inversePower: number };

/** When connections move, and how many. */
export interface DropFractionOptions {
  /**
   * Positions (steps) at which connections are dropped and grown. The paper: `start` 0, `every` 100, and `end` at about
   * three quarters of training. `end` is always included; with an annealed fraction it is 0 there, so that update
   * moves nothing. `Infinity` goes on for ever: with a constant fraction, or a schedule of your own.
   */
  readonly cadence: Cadence;
  /**
   * Fraction α in [0, 1] of the active entries of each layer that are dropped at `cadence.start`, or a schedule of your
   * own by position, with values in [0, 1] at all positions of the cadence.
   *
   * @defaultValue 0.3
   * @see Evci et al. 2020, section 4 (α); Mocanu et al. 2018 (ζ) for SET.
   */
  readonly dropFraction?: number | Schedule | undefined;
  /**
   * How the fraction falls. Not together with a schedule of your own.
   *
   * @defaultValue `'cosine'` for RigL, `'constant'` for SET
   */
  readonly anneal?: Anneal | undefined;
}

/** A checked drop fraction, and its description for `PruningMethod.options`. */
export interface DropFraction {
  readonly fraction: Schedule;
  readonly described: { readonly dropFraction: number | 'custom'; readonly anneal: Json };
}

const { number, object, optional } = rules;
const inversePower = object<{ inversePower: number }>({ inversePower: number({ above: 0 }) });
const scheduleSchema = (requireSchedule as OptionRule).data?.schema ?? true;

/**
 * What each of them must be by itself; a drop fraction that is a number is looked at later, with the values of a
 * schedule.
 */
export const dropFractionRules: OptionRules<DropFractionOptions> = {
  cadence: requireOpenCadence,
  dropFraction: optional(
    withDataForm(
      () => {},
      { anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, scheduleSchema] },
      (option, written) =>
        typeof written === 'object' ? scheduleFromData(written as unknown as ScheduleData, option) : written,
    ),
  ),
  anneal: optional(
    withDataForm(
      (option: string, value: unknown) => {
        if (typeof value === 'object' && value !== null) inversePower(option, value as never);
        else if (value !== 'cosine' && value !== 'constant') {
          throw new InvalidOptionError(option, value, "'cosine', 'constant' or { inversePower: a number > 0 }");
        }
      },
      { anyOf: [{ enum: ['cosine', 'constant'] }, inversePower.data?.schema ?? true] },
    ),
  ),
};

export function dropFractionOf(options: DropFractionOptions, usual: Anneal): DropFraction {
  const { cadence, dropFraction = 0.3, anneal } = options;
  checkOptions<DropFractionOptions>({ cadence, dropFraction, anneal }, dropFractionRules);
  if (typeof dropFraction === 'function') {
    if (anneal !== undefined) {
      throw new InvalidOptionError('anneal', anneal, 'left out where dropFraction is a schedule of its own');
    }
    if (cadence.end === Infinity) return { fraction: checkedAtUse(dropFraction), described: custom };
    for (let position = cadence.start; position <= cadence.end; position++) {
      if (isDue(cadence, position)) requireFraction(`dropFraction(${position})`, dropFraction(position));
    }
    return { fraction: dropFraction, described: custom };
  }
  requireFraction('dropFraction', dropFraction);
  const shape = anneal ?? usual;
  return { fraction: annealed(shape, dropFraction, cadence), described: { dropFraction, anneal: described(shape) } };
}

/** Refuses anything that is not a fraction, both ends included. */
export function requireFraction(option: string, value: number): void {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    throw new InvalidOptionError(option, value, 'a fraction in [0, 1], e.g. 0.3');
}

withDataForm(requireFraction, { type: 'number', minimum: 0, maximum: 1 });

const custom = { dropFraction: 'custom', anneal: 'custom' } as const;

/** Not every position of an endless cadence can be tried before. */
function checkedAtUse(fraction: Schedule): Schedule {
  return position => {
    const value = fraction(position);
    requireFraction(`dropFraction(${position})`, value);
    return value;
  };
}

function annealed(anneal: Anneal, from: number, { start, end }: Cadence): Schedule {
  if (anneal === 'constant') return constant(from);
  if (end === Infinity) {
    const expected = "an integer where the fraction falls until there; with anneal: 'constant' it may be Infinity";
    throw new InvalidOptionError('cadence.end', end, expected);
  }
  if (anneal === 'cosine') return cosine({ from, start, end });
  return polynomial({ from, to: 0, start, end, power: anneal.inversePower });
}

function described(anneal: Anneal): Json {
  return typeof anneal === 'string' ? anneal : { inversePower: anneal.inversePower };
}
