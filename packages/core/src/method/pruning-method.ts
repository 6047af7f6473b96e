import type { Clock } from './clock.js';
import type { Decision } from './decision.js';
import type { Json } from './json.js';
import type { Reparameterization } from './reparameterization.js';
import type { MethodState } from './state.js';
import type { StepPlan, StepView } from './step.js';

/** The sparsity a method promises, and when. */
export interface SparsityTarget {
  /** Overall fraction of prunable entries that will be masked, in [0, 1). */
  readonly sparsity: number;
  /** Position of the step whose decision first reaches it; a shorter run cannot reach it. */
  readonly position: number;
}

/**
 * A pruning method: a pure policy over host arrays. This is the *optimizer hook*: the session's masked optimizer calls
 * {@link plan} before each update and {@link decide} after it.
 *
 * A method is a plain object. It holds no tensors and no mutable state of its own: whatever it must remember goes
 * through `state`, which the session keeps, checkpoints and restores. Check one with `methodContract` from
 * `@espalier/core/testing`.
 *
 * @typeParam State - What the method carries between steps.
 *
 * @example A complete method: prune once, at position 100, the smallest half of every layer.
 * ```ts
 * import { activeMagnitude, selectMasks, uniform, type PruningMethod } from '@espalier/core';
 *
 * export const halveOnce: PruningMethod<null> = {
 *   specification: 'v1',
 *   name: 'halve-once',
 *   citation: 'none',
 *   options: {},
 *   start: () => ({ state: null }),
 *   plan: clock => (clock.position === 100 ? { observe: { kind: 'weights' } } : {}),
 *   decide: ({ layers }) => ({ state: null, masks: selectMasks(layers, activeMagnitude, 0.5, uniform) }),
 * };
 * ```
 */
export interface PruningMethod<State extends MethodState = MethodState> {
  /** Version of this contract; lets it evolve without breaking methods written for an older one. */
  readonly specification: 'v1';
  /** The method's common name, e.g. `magnitude`; checkpoints refuse to resume under another one. */
  readonly name: string;
  /** Paper or source that defines the method, for reports. */
  readonly citation: string;
  /** The options as plain data, for checkpoints and reports. */
  readonly options: Json;
  /** The sparsity the method promises, if it promises one; a run that ends without it is reported as an error. */
  readonly target?: SparsityTarget | undefined;
  /**
   * Whether the method masks anything by itself. A session of a method that does refuses a network without prunable
   * weights.
   *
   * @defaultValue true
   */
  readonly prunes?: boolean | undefined;
  /**
   * Trains raw weights beneath the effective ones; only for methods that act on every step on the device.
   *
   * @experimental
   */
  readonly reparameterization?: Reparameterization | undefined;

  /**
   * First decision, before any step: initial masks (RigL) or none (dense start). `view.clock` is all zeros and the
   * weights are included. Must also accept layers that are already masked.
   */
  start(view: StepView): Decision<State>;

  /** What the coming step needs. Pure and cheap: it runs before every step. */
  plan(clock: Clock, state: State): StepPlan;

  /** What follows from what was observed. Called only after steps whose plan asked to observe something. */
  decide(view: StepView, state: State): Decision<State> | Promise<Decision<State>>;
}
