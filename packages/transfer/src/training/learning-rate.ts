import { type Schedule, stepwise } from '@espalier/core';

/** A learning rate that falls in steps, in epochs. */
export interface DropSchedule {
  /** Rate of the first epoch, above 0. */
  readonly learningRate: number;
  /**
   * Indices of the epochs, from 0, after which the rate is multiplied by 0.1, ascending. The study drops at the *end*
   * of epochs 50 and 100, so that of 150 epochs 51 have the full rate, 50 a tenth and 49 a hundredth of it.
   */
  readonly dropAfter: readonly number[];
  /** Steps of an epoch, at least 1. */
  readonly stepsPerEpoch: number;
}

/** Learning rate by step. */
export function dropSchedule({ learningRate, dropAfter, stepsPerEpoch }: DropSchedule): Schedule {
  return stepwise({ from: learningRate, milestones: dropAfter.map(epoch => (epoch + 1) * stepsPerEpoch) });
}
