import type * as tf from '@tensorflow/tfjs-core';
import { InvalidOptionError } from '../errors/option-errors.js';
import type { Clock } from '../method/clock.js';
import type { Schedule } from '../schedule/schedule.js';
import type { ModelWeight } from './model-weight.js';
import type { WeightDecay } from './weight-decay.js';

/** What a decision did, for logs and progress displays. */
export interface DecisionEvent {
  /** The clock after the decision, rewinds included. */
  readonly clock: Clock;
  /** Name of the current phase, or the empty string. */
  readonly phase: string;
  /** Overall sparsity after the decision, in [0, 1]. */
  readonly sparsity: number;
  /** Entries that changed. */
  readonly changed: {
    /** Entries that were active and are masked now. */
    readonly pruned: number;
    /** Entries that were masked and are active now. */
    readonly grown: number;
  };
}

/** What a session works on. */
export interface SessionOptions {
  /**
   * Every weight of the model, also those that are not trained, from {@link modelWeights} or {@link weightsOf}. Methods
   * see the prunable ones; checkpoints and rewinds cover all.
   */
  readonly weights: readonly ModelWeight[];
  /**
   * The optimizer to wrap: SGD, momentum, Nesterov, Adam, Adagrad, Adadelta or RMSProp that is not centered. Use a new one,
   * because slots are bound to the weights of its first step. It stays yours: the session does not dispose it.
   */
  readonly optimizer: tf.Optimizer;
  /**
   * Root of all randomness of the method, an integer in [0, 2^53).
   *
   * @defaultValue 0
   */
  readonly seed?: number;
  /** Learning rate by position, set before every update. Without it the optimizer's own rate is left alone. */
  readonly learningRate?: Schedule;
  /**
   * Coupled weight decay as PyTorch has it, a number for the kernels or the parts in detail. Do not also give layers an L2
   * regularizer; a decay of `d` there is `l2({ l2: d / 2 })`.
   *
   * @defaultValue 0
   */
  readonly weightDecay?: number | WeightDecay;
  /** Masks that hold from the beginning, by weight name, e.g. those of a sparse checkpoint. */
  readonly masks?: ReadonlyMap<string, Uint8Array>;
  /** Losses on single examples, for methods that observe per-example gradients. Called once for each such step. */
  readonly exampleLosses?: (count: number) => Iterable<() => tf.Scalar> | AsyncIterable<() => tf.Scalar>;
  /** Called after each decision was carried out. */
  readonly onDecision?: (event: DecisionEvent) => void;
}

/** Checks what does not need the optimizer or the weights. */
export function requireOptions(method: { readonly specification: string }, options: SessionOptions): void {
  if (method?.specification !== 'v1') {
    throw new InvalidOptionError('method.specification', method?.specification, '"v1", as in a PruningMethod');
  }
  const { seed = 0, learningRate, exampleLosses, onDecision, masks } = options;
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidOptionError('seed', seed, 'an integer in [0, 2^53)');
  for (const [name, value] of Object.entries({ learningRate, exampleLosses, onDecision })) {
    if (value !== undefined && typeof value !== 'function') throw new InvalidOptionError(name, value, 'a function');
  }
  if (masks !== undefined && typeof masks.get !== 'function') {
    throw new InvalidOptionError('masks', masks, 'a Map from weight names to Uint8Array');
  }
}
