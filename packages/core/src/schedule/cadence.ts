import { InvalidOptionError } from '../errors/option-errors.js';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';

/** Positions at which a method acts: `start`, then every `every` steps, and always `end`. */
export interface Cadence {
  /** First position, an integer ≥ 0. */
  readonly start: number;
  /** Last position, an integer ≥ `start`. It is included even if `end − start` is no multiple of `every`. */
  readonly end: number;
  /** Steps between, an integer ≥ 1. */
  readonly every: number;
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
  const { start, end, every } = cadence;
  if (![start, end, every].every(Number.isFinite)) requireCadence('cadence', cadence);
  if (!Number.isFinite(position)) throw new InvalidOptionError('position', position, 'a number');
  if (position < start || position > end) return false;
  return (position - start) % every === 0 || position === end;
}

/**
 * Refuses a cadence that could never act as written.
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
  const { anything, integer } = rules;
  checkOptions<Cadence>(cadence, { start: integer({ from: 0 }), end: anything, every: integer({ from: 1 }) }, option);
  const { start, end } = cadence;
  if (!Number.isSafeInteger(end) || end < start) {
    throw new InvalidOptionError(`${option}.end`, end, `an integer ≥ ${option}.start (${start})`);
  }
}

/**
 * Steps in a number of epochs, rounded to the nearest step. The only place where epochs enter.
 *
 * @param epochs - Epochs, a number ≥ 0; fractions are fine.
 * @param stepsPerEpoch - Optimizer steps in an epoch, an integer ≥ 1.
 * @throws {@link InvalidOptionError} if either is out of range.
 *
 * @example
 * ```ts
 * import { fromEpochs } from '@espalier/core';
 *
 * fromEpochs(1.5, 391); // 587
 * ```
 */
export function fromEpochs(epochs: number, stepsPerEpoch: number): number {
  if (!Number.isFinite(epochs) || epochs < 0) throw new InvalidOptionError('epochs', epochs, 'a number ≥ 0');
  if (!Number.isSafeInteger(stepsPerEpoch) || stepsPerEpoch < 1) {
    throw new InvalidOptionError('stepsPerEpoch', stepsPerEpoch, 'an integer ≥ 1');
  }
  return Math.round(epochs * stepsPerEpoch);
}
