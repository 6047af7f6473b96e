import { InvalidOptionError } from '../errors/option-errors.js';
import type { Schedule } from './schedule.js';

/** One stretch of a {@link LearningRatePlan}. Lengths are in steps, integers ≥ 1; rates are ≥ 0. */
export type LearningRateSegment =
  | {
      readonly shape: 'constant';
      /** Steps it lasts. */
      readonly length: number;
      /** The rate on each of them. */
      readonly value: number;
    }
  | {
      /** `linear` or half a cosine wave, from `from` on its first step to `to` just after its last. */
      readonly shape: 'linear' | 'cosine';
      /** Steps it lasts. */
      readonly length: number;
      /** Rate on the first step. */
      readonly from: number;
      /** Rate that the step after the segment would have. */
      readonly to: number;
    }
  | {
      /** A recorded rate for each step, e.g. a stretch of an earlier schedule replayed. */
      readonly shape: 'values';
      /** One rate a step; at least one. */
      readonly values: readonly number[];
    };

/**
 * A learning rate as plain data, so that a method can decide it in mid-training (adaptive restarts of iterative
 * magnitude pruning) and a checkpoint can store it.
 */
export interface LearningRatePlan {
  /** Position of the first segment's first step. */
  readonly start: number;
  /** Stretches in order, at least one. Before `start` the first rate holds; after the end the last segment's last value. */
  readonly segments: readonly LearningRateSegment[];
}

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

function ratesOf(segment: LearningRateSegment): readonly number[] {
  if (segment.shape === 'values') return segment.values;
  return segment.shape === 'constant' ? [segment.value] : [segment.from, segment.to];
}

function requirePlan({ start, segments }: LearningRatePlan): void {
  if (!Number.isSafeInteger(start) || start < 0) throw new InvalidOptionError('start', start, 'an integer ≥ 0');
  if (!Array.isArray(segments) || segments.length === 0)
    throw new InvalidOptionError('segments', segments, 'at least one segment');
  segments.forEach((segment, i) => {
    const length = lengthOf(segment);
    if (!Number.isSafeInteger(length) || length < 1) {
      throw new InvalidOptionError(`segments[${i}].length`, length, 'an integer ≥ 1');
    }
    for (const rate of ratesOf(segment)) {
      if (!Number.isFinite(rate) || rate < 0) throw new InvalidOptionError(`segments[${i}]`, rate, 'made of rates ≥ 0');
    }
  });
}

/**
 * The schedule that a plan describes.
 *
 * Step `j` (from 0) of a segment of length `n` has the rate at progress `j / n`, so a linear segment to 0 ends one step
 * short of 0, and the step after the last segment has its `to`.
 *
 * @param plan - Segments and the position of their first step.
 * @returns A rate for every position; constant before the start and after the end.
 * @throws {@link InvalidOptionError} if there are no segments, a length is not an integer ≥ 1, or a rate is negative or
 *   not finite.
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
