import type { Clock } from '../method/clock.js';
import type { Json } from '../method/json.js';
import type { MethodState } from '../method/state.js';
import type { LearningRatePlan } from '../schedule/learning-rate-plan.js';
import type { StoredReparameterization } from './reparameterization/stored-reparameterization.js';
import type { StoredSum } from './sums/stored-sum.js';
import type { StoredTensor } from './tensors/stored-tensor.js';

export type { StoredSum } from './sums/stored-sum.js';
export type { StoredTensor } from './tensors/stored-tensor.js';

/** One weight of the model. */
export interface StoredWeight extends StoredTensor {
  /** False for weights that no gradient reaches, such as batch-norm statistics. */
  readonly trainable: boolean;
}

/** One optimizer slot (momentum, Adam's `m` and `v`, …) of one weight. */
export interface StoredSlot extends StoredTensor {
  /** Name of the weight it belongs to, as in {@link Checkpoint.weights}. */
  readonly weight: string;
  /** Name of the slot, as TensorFlow.js spells it after the slash: `momentum`, `m`, `v`, … */
  readonly slot: string;
  /** Value that masked entries hold (0; Adagrad: its initial accumulator). */
  readonly initial: number;
}

/** Every weight at one moment, to rewind to. */
export interface Snapshot {
  /** Position to which a rewind returns. */
  readonly position: number;
  /** Values of every weight by name. */
  readonly weights: ReadonlyMap<string, StoredTensor>;
}

/** The optimizer, apart from its slots. */
export interface StoredOptimizer {
  /** TensorFlow.js class name, e.g. `Momentum`. */
  readonly className: string;
  /** Updates it has applied. */
  readonly iterations: number;
  /** Adam's running β₁ᵗ and β₂ᵗ, which TensorFlow.js itself restores only approximately; empty for other optimizers. */
  readonly powers: readonly number[];
}

/**
 * A whole pruning run at one moment, as data: enough to continue it bit for bit, and to use its sparse weights without
 * knowing the method that made them.
 *
 * Made by `PruningSession.checkpoint`; turned into bytes by {@link encodeCheckpoint}. Masked entries of every weight
 * are exactly 0.
 */
export interface Checkpoint {
  /** Version of this layout. */
  readonly format: 'espalier-checkpoint/1';
  /** The method that was running. */
  readonly method: { readonly name: string; readonly citation: string; readonly options: Json };
  /** Where training is. */
  readonly clock: Clock;
  /** The method's state; arrays in it are kept as tensors. */
  readonly state: MethodState;
  /** Name of the current phase, or the empty string. */
  readonly phase: string;
  /** Root seed of the run. */
  readonly seed: number;
  /** The learning-rate plan in force, if a method decided one. */
  readonly learningRate: LearningRatePlan | null;
  /** Masks of the prunable weights by name, one byte per entry, 1 = active. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
  /** Every weight of the model by name, in the model's order. */
  readonly weights: ReadonlyMap<string, StoredWeight>;
  /** Optimizer slots; empty when they were left out. */
  readonly slots: readonly StoredSlot[];
  /** The optimizer, or `null` when it was left out. */
  readonly optimizer: StoredOptimizer | null;
  /** Snapshots that methods took, by name. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /** Model topology as `LayersModel.toJSON` gives it, or `null`; lets `toModel` rebuild the network. */
  readonly model: Json;
  /**
   * What is trained beneath the weights; left out without a {@link Reparameterization}, and after it was baked.
   *
   * @experimental
   */
  readonly reparameterization?: StoredReparameterization | undefined;
  /** Sums of gradients that the method's plans asked for; left out if there are none. */
  readonly sums?: readonly StoredSum[] | undefined;
  /** Whatever the caller wants to keep with it: dataset, recipe, accuracy. */
  readonly metadata: { readonly [key: string]: Json };
}
