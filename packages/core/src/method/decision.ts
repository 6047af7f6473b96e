import type { LearningRatePlan } from '../schedule/learning-rate-plan.js';
import type { MethodState } from './state.js';

/** Goes back to a snapshot. */
export interface Rewind {
  /** Name under which an earlier decision took the snapshot. */
  readonly snapshot: string;
  /**
   * `all` restores every weight (also non-trainable ones such as batch-norm statistics) and the position;
   * `weights` restores every weight and goes on from the present position; `position` restores the position alone,
   * which is learning-rate rewinding (Renda et al. 2020). Each counts as a round.
   */
  readonly restore: 'all' | 'weights' | 'position';
}

/**
 * What a method decides after a step. Absent fields change nothing; layers that are not named keep their mask.
 *
 * The session carries a decision out in this order: snapshot, rewind, masks, weights, parameters, slots, sums, learning
 * rate, bake.
 */
export interface Decision<State extends MethodState = MethodState> {
  /** The method's own state from now on. */
  readonly state: State;
  /**
   * New masks by layer name, one byte per entry, 1 = active. Newly active entries start at 0, unless `weights` or a
   * rewind in the same decision, or a {@link Reparameterization} that masks effective weights, gives them a value.
   */
  readonly masks?: ReadonlyMap<string, Uint8Array>;
  /**
   * New weights by layer name, row-major; masked entries are set to 0 whatever is given. While a
   * {@link Reparameterization} is in force these are raw weights, of which `masking: 'effective'` keeps masked entries.
   */
  readonly weights?: ReadonlyMap<string, Float32Array>;
  /**
   * What happens to the optimizer's slots. Masked entries always return to the slot's initial value; `reset` returns
   * the active ones too, and Adam's bias correction with them. A map names single entries that return to it, by layer
   * name one byte per entry, 1 = return: entries that were masked and grown again in one decision, for example.
   *
   * @defaultValue 'keep'
   */
  readonly slots?: 'keep' | 'reset' | ReadonlyMap<string, Uint8Array>;
  /**
   * What happens to the sums that plans accumulate ({@link StepPlan.accumulate}): `reset` ends all of them and frees
   * their memory; the next step that is accumulated begins at 0.
   *
   * @defaultValue 'keep'
   */
  readonly sums?: 'keep' | 'reset';
  /** Remember every weight and the position that follows this step under this name. */
  readonly snapshot?: string;
  /** Go back to a snapshot. */
  readonly rewind?: Rewind;
  /** Learning rate from now on, as plain data; `null` returns to the session's own schedule. */
  readonly learningRate?: LearningRatePlan | null;
  /**
   * New values of parameters of a {@link Reparameterization}, by layer name and parameter name; others stay.
   *
   * @experimental
   */
  readonly parameters?: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /**
   * New values of parameters that have one number per weight, in the same way: a finite number for each entry,
   * row-major.
   *
   * @experimental
   */
  readonly weightParameters?: ReadonlyMap<string, Readonly<Record<string, Float32Array>>>;
  /**
   * Ends the method's {@link Reparameterization} after everything else in the decision: the effective weights become
   * the weights, and from now on training is ordinary masked training. Slots of masked entries return to their initial
   * value.
   *
   * @experimental
   */
  readonly bake?: boolean;
  /** Name of the phase that begins, for logs and reports. */
  readonly phase?: string;
}
