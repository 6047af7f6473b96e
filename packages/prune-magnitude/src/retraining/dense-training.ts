import { InvalidOptionError, type Schedule } from '@espalier/core';

/** The learning rates of dense training, from which retraining schedules take theirs. */
export interface DenseTraining {
  /** Rate by position, for positions 0 to `steps − 1`. */
  readonly schedule: Schedule;
  /** Steps of dense training (T of the paper), an integer ≥ 1. */
  readonly steps: number;
  /** Steps of its warm-up, an integer in [0, `steps`). */
  readonly warmUp: number;
  /** Highest rate of all steps, > 0. */
  readonly highest: number;
  /** Lowest rate of the steps after the warm-up, ≥ 0. */
  readonly lowest: number;
}

/** Reads the schedule at every step. */
export function denseTraining(schedule: Schedule, steps: number, warmUp: number): DenseTraining {
  if (typeof schedule !== 'function') {
    throw new InvalidOptionError('denseSchedule', schedule, 'a schedule: a learning rate by position');
  }
  if (!Number.isSafeInteger(steps) || steps < 1) throw new InvalidOptionError('denseSteps', steps, 'an integer ≥ 1');
  if (!Number.isSafeInteger(warmUp) || warmUp < 0 || warmUp >= steps) {
    throw new InvalidOptionError('denseWarmUp', warmUp, `an integer in [0, ${steps}), less than denseSteps`);
  }
  let highest = 0;
  let lowest = Infinity;
  for (let position = 0; position < steps; position++) {
    const rate = schedule(position);
    if (!Number.isFinite(rate) || rate < 0) {
      throw new InvalidOptionError('denseSchedule', rate, `a finite rate ≥ 0 at position ${position}`);
    }
    highest = Math.max(highest, rate);
    if (position >= warmUp) lowest = Math.min(lowest, rate);
  }
  if (highest === 0) throw new InvalidOptionError('denseSchedule', highest, 'above 0 at one position at least');
  return { schedule, steps, warmUp, highest, lowest };
}
