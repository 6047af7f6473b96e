import { requirePlan } from './learning-rate-rules.js';
import type { LearningRatePlan, LearningRateSegment } from './learning-rate-segment.js';
import type { Schedule } from './schedule.js';

export type { LearningRatePlan, LearningRateSegment } from './learning-rate-segment.js';

function lengthOf(segment: LearningRateSegment): number {
  return segment.shape === 'values' ? segment.values.length : segment.length;
}

function rateAt(segment: LearningRateSegment, offset: number): number {
  switch (segment.shape) {
    case 'constant':
      return segment.value;
    case 'linear':
      return segment.from + ((segment.to - segment.from) * offset) / segment.length;
    case 'cosine':
      return segment.to + (segment.from - segment.to) * 0.5 * (1 + Math.cos((Math.PI * offset) / segment.length));
    case 'values':
      return segment.values[Math.min(offset, segment.values.length - 1)] ?? 0;
  }
}

/**
 * The schedule that a plan describes.
 *
 * Step `j` (from 0) of a segment of length `n` has the rate at progress `j / n`, so a linear segment to 0 ends one step
 * short of 0, and the step after the last segment has its `to`.
 *
 * @param plan - Segments and the position of their first step.
 * @returns A rate for every position; constant before the start and after the end.
 * @throws {@link InvalidOptionError} if there are no segments, a shape is not known, a length is not an integer ≥ 1, or
 *   a rate is negative or not finite; {@link UnknownOptionError} if a segment has a field that its shape does not have.
 *
 * @example Warm up along a cosine for 2 steps, then decay linearly to 0 over 4.
 * ```ts
 * import { scheduleOf } from '@espalier/core';
 *
 * const rate = scheduleOf({
 *   start: 10,
 *   segments: [
 *     { shape: 'cosine', length: 2, from: 0, to: 0.1 },
 *     { shape: 'linear', length: 4, from: 0.1, to: 0 },
 *   ],
 * });
 * [10, 11, 12, 14, 16].map(rate); // [0, 0.05, 0.1, 0.05, 0]
 * ```
 */
export function scheduleOf(plan: LearningRatePlan): Schedule {
  requirePlan(plan);
  return position => {
    let offset = Math.max(0, position - plan.start);
    for (const segment of plan.segments) {
      const length = lengthOf(segment);
      if (offset < length) return rateAt(segment, offset);
      offset -= length;
    }
    const last = plan.segments[plan.segments.length - 1]!;
    return rateAt(last, lengthOf(last));
  };
}
