import * as tf from '@tensorflow/tfjs-core';
import { rules } from '../../options/rules.js';
import type { NamedTensor } from '../weights/tensors.js';
import { disposeOptimizer } from './dispose-optimizer.js';

const isVariable = rules.that('a tf.Variable', value => value instanceof tf.Variable);
/** A gradient may be missing where the loss does not depend on a weight. */
const isGradient = rules.that('a tensor with the name of its variable', value => {
  if (typeof value !== 'object' || value === null) return false;
  const { name, tensor } = value as Partial<NamedTensor>;
  return typeof name === 'string' && (tensor === undefined || tensor === null || tensor instanceof tf.Tensor);
});

/** A loss and its gradients; whoever asked for them disposes both. */
export interface LossGradients {
  /** The loss. */
  value: tf.Scalar;
  /** Dense gradients by variable name; variables that the loss does not depend on are missing. */
  grads: tf.NamedTensorMap;
}

/** The synchronous half of a session's step. */
export interface StepHooks {
  /** Throws unless a step may begin. */
  requireReady(): void;
  /** Masks, updates, and keeps what the method wants to see. */
  update(gradients: readonly NamedTensor[]): void;
}

/**
 * The optimizer that a session hands out, for `model.compile` and custom loops: every update goes through the session,
 * everything else is the inner optimizer's.
 *
 * Made by `PruningSession`; there is no reason to construct one. Forwarding is spelled out: a proxy would let
 * `setWeights` write to the facade and leave the inner optimizer untouched.
 */
export class MaskedOptimizer extends tf.Optimizer {
  /** The optimizer that does the arithmetic. It stays yours. */
  readonly inner: tf.Optimizer;
  readonly #variables: readonly tf.Variable[];
  readonly #hooks: StepHooks;

  /** @internal */
  constructor(inner: tf.Optimizer, variables: readonly tf.Variable[], hooks: StepHooks) {
    super();
    this.inner = inner;
    this.#variables = variables;
    this.#hooks = hooks;
  }

  /** True for session optimizers; `instanceof` is not, because TensorFlow.js answers it by duck typing. */
  static isMasked(optimizer: object): optimizer is MaskedOptimizer {
    return #variables in optimizer;
  }

  /**
   * One masked step; call `session.settle()` afterwards.
   *
   * @param loss - Computes the loss of a batch.
   * @param returnCost - Whether to return the loss; the caller then disposes it.
   * @param variables - Trained variables; the session's, if left out.
   * @throws {@link StepNotSettledError} if the last step is not settled.
   * @throws {@link TrainableSetChangedError} if the variables are not those that the session trains.
   */
  override minimize(loss: () => tf.Scalar, returnCost = false, variables?: tf.Variable[]): tf.Scalar | null {
    rules.function('loss', loss as never);
    rules.optional(rules.list(isVariable))('variables', variables as never);
    this.#hooks.requireReady();
    const trained = variables ?? [...this.#variables];
    const { value, grads } = this.computeGradients(loss, trained);
    try {
      this.#hooks.update(trained.map(({ name }) => ({ name, tensor: grads[name] }) as NamedTensor));
    } catch (error) {
      value.dispose();
      throw error;
    } finally {
      tf.dispose(grads);
    }
    if (returnCost) return value;
    value.dispose();
    return null;
  }

  /**
   * The loss and its dense gradients.
   *
   * @param loss - Computes the loss of a batch.
   * @param variables - Variables to differentiate for; the session's, if left out.
   */
  override computeGradients(loss: () => tf.Scalar, variables?: tf.Variable[]): LossGradients {
    return this.inner.computeGradients(loss, variables ?? [...this.#variables]);
  }

  /**
   * One masked update from gradients that may have been clipped or scaled; call `session.settle()` afterwards.
   *
   * @param gradients - One dense gradient for each weight that the session trains, by variable name. They stay yours.
   * @throws {@link StepNotSettledError} if the last step is not settled.
   * @throws {@link TrainableSetChangedError} if a gradient is missing or does not belong to the session.
   */
  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    rules.that('an object', value => typeof value === 'object' && value !== null)('gradients', gradients as never);
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]): NamedTensor => ({ name, tensor }));
    rules.list(isGradient)('gradients', list as never);
    this.#hooks.update(list);
  }

  /** Updates that the inner optimizer has applied. */
  override get iterations(): number {
    return this.inner.iterations;
  }

  /** The number of updates as a tensor, which the caller disposes. */
  override saveIterations(): Promise<NamedTensor> {
    return this.inner.saveIterations();
  }

  /** The inner optimizer's slots. */
  override getWeights(): Promise<NamedTensor[]> {
    return this.inner.getWeights();
  }

  /** Sets the inner optimizer's slots. */
  override setWeights(weights: NamedTensor[]): Promise<void> {
    return this.inner.setWeights(weights);
  }

  /** Class name of the inner optimizer. */
  override getClassName(): string {
    return this.inner.getClassName();
  }

  /** Configuration of the inner optimizer. */
  getConfig(): tf.serialization.ConfigDict {
    return this.inner.getConfig();
  }

  /** Frees the inner optimizer, completely. */
  override dispose(): void {
    disposeOptimizer(this.inner);
  }
}
