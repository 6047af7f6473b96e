import { checkOptions, type OptionRules, rules } from '@espalier/core';
import type { DenseTraining } from './dense-training.js';
import type { RetrainingPhase } from './retraining-schedule.js';

const { integer, number } = rules;

const dense: OptionRules<DenseTraining> = {
  schedule: rules.function,
  steps: integer({ from: 1 }),
  warmUp: integer({ from: 0 }),
  highest: number({ above: 0 }),
  lowest: number({ from: 0 }),
};

/** Refuses what is no phase, for schedules that are called by hand. */
export function requirePhase(phase: unknown): void {
  checkOptions<RetrainingPhase>(
    phase,
    {
      steps: integer({ from: 1 }),
      dense: rules.object(dense),
      prunedFraction: number({ from: 0, to: 1 }),
      normDrop: number({ from: 0 }),
    },
    'phase',
  );
}
