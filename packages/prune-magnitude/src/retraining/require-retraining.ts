import { InvalidOptionError, type LearningRateSegment, requireLearningRateSegments } from '@espalier/core';
import type { DenseTraining } from './dense-training.js';
import type { RetrainingSchedule } from './retraining-schedule.js';

/** Tries the schedule on every length that will come, so that a bad one fails when the method is created. */
export function requireRetraining(
  retraining: RetrainingSchedule,
  lengths: readonly number[],
  dense: DenseTraining,
  prunedFraction: number,
): void {
  if (typeof retraining !== 'function') throw new InvalidOptionError('retraining', retraining, 'a retraining schedule');
  for (const steps of new Set(lengths)) {
    if (steps === 0) continue;
    const segments = retraining({ steps, dense, prunedFraction, normDrop: 0 });
    requireLearningRateSegments('retraining', segments);
    const planned = segments.reduce((sum, segment) => sum + lengthOf(segment), 0);
    if (planned !== steps) {
      throw new InvalidOptionError('retraining', retraining, `a schedule of ${steps} steps; it plans ${planned}`);
    }
  }
}

function lengthOf(segment: LearningRateSegment): number {
  return segment.shape === 'values' ? segment.values.length : segment.length;
}
