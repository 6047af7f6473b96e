import type { RandomStreams } from '../random/streams.js';
import type { Clock } from './clock.js';
import type { GradientSum } from './gradient-sum.js';
import type { LayerView } from './layer.js';

/**
 * What a method wants to see after a step. Everything it does not ask for stays on the device.
 *
 * - `clock`: nothing but the time (masks are included, weights are empty arrays);
 * - `weights`: the weights after the step;
 * - `gradients`: the weights and the dense gradients of this step;
 * - `samples`: the weights and a stream of `count` per-example gradients.
 */
export type Observation = ObservedState &
  (
    | { readonly kind: 'clock' }
    | { readonly kind: 'weights' }
    | { readonly kind: 'gradients' }
    | {
        readonly kind: 'samples';
        /** Gradients wanted, an integer ≥ 1. */
        readonly count: number;
      }
  );

/** What may be read beside an observation of any kind. */
export interface ObservedState {
  /**
   * Whether to show {@link LayerView.sums}. A plan that asks while nothing was accumulated is refused.
   *
   * @defaultValue false
   */
  readonly sums?: boolean;
  /**
   * Whether to show {@link LayerView.slots}.
   *
   * @defaultValue false
   */
  readonly slots?: boolean;
}

/** What a method needs from the step that is about to run. An empty plan is an ordinary masked step. */
export interface StepPlan {
  /** What {@link PruningMethod.decide} is shown after the step; absent: `decide` is not called. */
  readonly observe?: Observation;
  /**
   * `skip` leaves parameters and optimizer slots as they are on this step (RigL's mask updates); the clock still
   * advances.
   *
   * @defaultValue 'apply'
   */
  readonly optimizer?: 'apply' | 'skip';
  /**
   * Sums over steps to which the session adds this step's gradients, on the device; each kind at most once. They cost
   * memory as large as the prunable weights for each kind, an addition or two a step, and nothing is read back until an
   * observation asks for `sums`. The observation of the same step includes it. Steps that the optimizer skips are added
   * like all others.
   *
   * Sums grow until a decision says {@link Decision.sums | `sums: 'reset'`}. Masks, rewinds and new weights leave them
   * as they are: a rewind does not take back what was added since the snapshot.
   */
  readonly accumulate?: readonly GradientSum[];
}

/** What a method is shown. */
export interface StepView {
  /** The clock of the step that just ran: the same values that `plan` was given. */
  readonly clock: Clock;
  /** Every prunable weight, in the model's order. */
  readonly layers: readonly LayerView[];
  /**
   * Random streams of this step, a function of the session's seed, the step and the stream's name alone. `start` and
   * the decision after step 0 share their streams: give them different names.
   */
  readonly random: RandomStreams;
  /** How many steps were added to each kind of sum; present only if the plan asked for `sums`. */
  readonly summedSteps?: Readonly<Partial<Record<GradientSum, number>>>;
  /** Per-example gradients by layer name, one map at a time; present only if the plan asked for `samples`. */
  readonly samples?: AsyncIterable<ReadonlyMap<string, Float32Array>>;
}
