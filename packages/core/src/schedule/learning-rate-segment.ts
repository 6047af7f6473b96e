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
  /**
   * Stretches in order, at least one. Before `start` the first rate holds; after the end the last segment's last value.
   */
  readonly segments: readonly LearningRateSegment[];
}
