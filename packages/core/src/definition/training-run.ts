import { checkOptions } from '../options/check-options.js';
import type { OptionRules } from '../options/option-rule.js';
import { rules } from '../options/rules.js';
import type { ScheduleData } from '../schedule/schedule-data.js';

/** What the options of a method are scaled to. */
export interface TrainingRun {
  /** Optimizer steps of the whole run, rounds and phases together; an integer ≥ 1. */
  readonly steps: number;
  /** Steps in one pass over the training data, an integer ≥ 1. */
  readonly stepsPerEpoch: number;
  /** Overall sparsity that is wanted where the method's options do not say, in [0, 1). */
  readonly sparsity: number;
  /** Whether the network comes trained, so that pruning need not wait. */
  readonly trained: boolean;
  /**
   * The learning rate by position, as data, for a training that comes to its end after so many positions: methods that
   * train in rounds, or densely first, ask for a shorter one than the run.
   */
  readonly rateOver: (positions: number) => ScheduleData;
}

const trainingRunRules: OptionRules<TrainingRun> = {
  steps: rules.integer({ from: 1 }),
  stepsPerEpoch: rules.integer({ from: 1 }),
  sparsity: rules.number({ from: 0, below: 1 }),
  trained: rules.boolean,
  rateOver: rules.function,
};

/** Refuses what is no run. */
export function requireTrainingRun(run: unknown): asserts run is TrainingRun {
  checkOptions<TrainingRun>(run, trainingRunRules, 'run');
}
