import type { RandomStreams } from '../random/streams.js';
import type { Clock } from './clock.js';
import type { LayerView } from './layer.js';

/**
 * What a method wants to see after a step. Everything it does not ask for stays on the device.
 *
 * - `clock`: nothing but the time (masks are included, weights are empty arrays);
 * - `weights`: the weights after the step;
 * - `gradients`: the weights and the dense gradients of this step;
 * - `samples`: the weights and a stream of `count` per-example gradients.
 */
export type Observation =
  | { readonly kind: 'clock' }
  | { readonly kind: 'weights' }
  | { readonly kind: 'gradients' }
  | {
      readonly kind: 'samples';
      /** Gradients wanted, an integer ≥ 1. */
      readonly count: number;
    };

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
}

/** What a method is shown. */
export interface StepView {
  /** The clock of the step that just ran: the same values that `plan` was given. */
  readonly clock: Clock;
  /** Every prunable weight, in the model's order. */
  readonly layers: readonly LayerView[];
  /**
   * Random streams of this step, a function of the session's seed, the step and the stream's name alone. `start` and the
   * decision after step 0 share their streams: give them different names.
   */
  readonly random: RandomStreams;
  /** Per-example gradients by layer name, one map at a time; present only if the plan asked for `samples`. */
  readonly samples?: AsyncIterable<ReadonlyMap<string, Float32Array>>;
}
