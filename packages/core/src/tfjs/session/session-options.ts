import type * as tf from '@tensorflow/tfjs-core';
import type { Clock } from '../../method/clock.js';
import { checkOptions } from '../../options/check-options.js';
import type { OptionRule, OptionRules } from '../../options/option-rule.js';
import { rules } from '../../options/rules.js';
import type { Schedule } from '../../schedule/schedule.js';
import { type WeightDecay, weightDecayRule } from '../optimizer/weight-decay.js';
import type { ModelWeight } from '../weights/model-weight.js';
import type { SessionWarning } from './session-warning.js';

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
   * The optimizer to wrap: SGD, momentum, Nesterov, Adam, Adagrad, Adadelta or RMSProp that is not centered. Use a new
   * one, because slots are bound to the weights of its first step. It stays yours: the session does not dispose it.
   */
  readonly optimizer: tf.Optimizer;
  /**
   * Root of all randomness of the method, an integer in [0, 2^53).
   *
   * @defaultValue 0
   */
  readonly seed?: number | undefined;
  /** Learning rate by position, set before every update. Without it the optimizer's own rate is left alone. */
  readonly learningRate?: Schedule | undefined;
  /**
   * Coupled weight decay as PyTorch has it, a number for the kernels or the parts in detail. Do not also give layers an
   * L2 regularizer; a decay of `d` there is `l2({ l2: d / 2 })`. A session warns of weights that have both.
   *
   * @defaultValue 0
   */
  readonly weightDecay?: number | WeightDecay | undefined;
  /** Masks that hold from the beginning, by weight name, e.g. those of a sparse checkpoint. */
  readonly masks?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Losses on single examples, for methods that observe per-example gradients. Called once for each such step. */
  readonly exampleLosses?: ((count: number) => Iterable<() => tf.Scalar> | AsyncIterable<() => tf.Scalar>) | undefined;
  /** Called after each decision was carried out. */
  readonly onDecision?: ((event: DecisionEvent) => void) | undefined;
  /**
   * Called with every warning: when the session begins, of frozen layers that stay dense and weights that decay twice;
   * at a decision, of layers that it empties.
   *
   * @defaultValue `console.warn` with the message
   */
  readonly onWarning?: ((warning: SessionWarning) => void) | undefined;
  /**
   * Whether a `fit` with {@link PruningSession.callback} may end before the method has reached its target, because more
   * calls of `fit` follow. Call {@link PruningSession.finish} after the last one.
   *
   * @defaultValue false
   */
  readonly fitInParts?: boolean | undefined;
}

/** Masks by weight name; their contents are checked against the weights. */
export const maskMapRule: OptionRule = rules.having('a Map from weight names to Uint8Array', 'get', 'has', 'entries');

const { anything, boolean, integer, optional } = rules;

/** Rules of {@link SessionOptions}; weights and optimizer have checks of their own. */
const sessionRules: OptionRules<SessionOptions> = {
  weights: anything,
  optimizer: anything,
  seed: optional(integer({ from: 0 })),
  learningRate: optional(rules.function),
  weightDecay: optional(weightDecayRule),
  masks: optional(maskMapRule),
  exampleLosses: optional(rules.function),
  onDecision: optional(rules.function),
  onWarning: optional(rules.function),
  fitInParts: optional(boolean),
};

/** Checks what does not need the optimizer or the weights. */
export function requireOptions(options: unknown): asserts options is SessionOptions {
  checkOptions<SessionOptions>(options, sessionRules);
}
