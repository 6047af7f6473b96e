import type * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import type { PruningMethod } from '../../method/pruning-method.js';
import type { MethodState } from '../../method/state.js';
import { MaskedOptimizer } from '../optimizer/masked-optimizer.js';
import { beginRun } from './begin-run.js';
import { restoreSession } from './checkpoint/restore-session.js';
import { type CheckpointOptions, saveSession } from './checkpoint/save-session.js';
import { FitSession } from './fit/fit-session.js';
import type { SessionOptions } from './session-options.js';
import type { SessionRun } from './session-run.js';
import type { StepCycle } from './step/step-cycle.js';
import { requireTarget } from './target.js';

/**
 * Runs one pruning method inside one training run, and owns every tensor that this takes: masks on the device, and
 * copies of gradients between a step and its settling.
 *
 * A step has two halves. The synchronous one (`optimizer.minimize` or `applyGradients`) sets the learning rate, asks
 * the method's `plan`, masks the gradients, updates, and masks the weights. The asynchronous one ({@link settle}) reads
 * back exactly what the plan asked for, lets the method decide, and carries the decision out. {@link step} does both;
 * in `LayersModel.fit`, {@link callback} settles.
 *
 * After every step masked weights are exactly 0 and masked optimizer slots hold their initial value. With nothing
 * masked, a session is bit for bit its optimizer. (A method's {@link Reparameterization} says what changes while it is
 * in force.)
 *
 * @typeParam State - What the method carries between steps.
 *
 * @example A custom loop.
 * ```ts
 * import { fixed } from '@espalier/core';
 * import { PruningSession, weightsOf } from '@espalier/core/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * export async function train(kernel: tf.Variable, loss: () => tf.Scalar): Promise<void> {
 *   const masks = new Map([['kernel', Uint8Array.of(1, 0, 1, 1)]]);
 *   const optimizer = tf.train.momentum(0.1, 0.9);
 *   const session = await PruningSession.start(fixed({ masks }), { weights: weightsOf({ kernel }), optimizer });
 *   while (session.clock.position < 100) await session.step(loss);
 *   session.dispose();
 * }
 * ```
 */
export class PruningSession<State extends MethodState = MethodState> extends FitSession<State> {
  /** The masked optimizer, for `model.compile` and custom loops. Do not step the inner one directly. */
  readonly optimizer: MaskedOptimizer;
  readonly #run: SessionRun<State>;
  readonly #cycle: StepCycle<State>;

  private constructor(run: SessionRun<State>, cycle: StepCycle<State>) {
    super(run, cycle);
    this.#run = run;
    this.#cycle = cycle;
    const variables = run.table.trainable.map(weight => weight.variable);
    this.optimizer = new MaskedOptimizer(run.options.optimizer, variables, cycle);
  }

  /**
   * Begins a run: masks what the options say, and carries out the method's first decision.
   *
   * @param method - The pruning method.
   * @param options - Weights, optimizer and settings.
   * @throws {@link InvalidOptionError} if an option is impossible, or the method is no pruning method.
   * @throws {@link UnknownOptionError} if there is no option of that name.
   * @throws {@link NoPrunableWeightsError} if the method prunes and no weight is prunable; says why for each.
   * @throws {@link UnsupportedOptimizerError} if the optimizer cannot be kept clean (Adamax, centered RMSProp), or has
   * served other weights.
   * @throws {@link UnknownLayerError} if a mask names no prunable weight.
   * @throws {@link ShapeMismatchError} if a mask has another size than its weight.
   * @throws {@link InvalidDecisionError} if the method's first decision cannot be carried out.
   */
  static async start<S extends MethodState>(
    method: PruningMethod<S>,
    options: SessionOptions,
  ): Promise<PruningSession<S>> {
    const begun = await beginRun(method, options, async (run, cycle) => {
      run.reparameterize();
      await run.maskFromOptions();
      await cycle.begin();
    });
    return new PruningSession(...begun);
  }

  /**
   * Goes on from a checkpoint as if the run had never stopped: weights, slots, masks, clock, method state, snapshots
   * and random streams are the same, bit for bit. What the weights held before is overwritten.
   *
   * @param method - The method that was running, with the same options.
   * @param options - As for {@link start}, without `masks`; the seed comes from the checkpoint.
   * @param checkpoint - A checkpoint that holds the optimizer.
   * @throws {@link CheckpointMismatchError} if method, options, optimizer, weights or trained layers differ.
   * @throws {@link InvalidOptionError} if an option is impossible, or `masks` or another seed was given.
   * @throws {@link UnsupportedOptimizerError} and {@link NoPrunableWeightsError} as for {@link start}.
   */
  static async resume<S extends MethodState>(
    method: PruningMethod<S>,
    options: SessionOptions,
    checkpoint: Checkpoint,
  ): Promise<PruningSession<S>> {
    return new PruningSession(...(await beginRun(method, options, run => restoreSession(run, checkpoint))));
  }

  /**
   * Says that training is over, after the last of several calls of `fit` or in a custom loop: settles the step that may
   * be open.
   *
   * @throws {@link SparsityNotReachedError} if the method has not reached its target.
   * @throws {@link SessionDisposedError} if the session was disposed.
   */
  async finish(): Promise<void> {
    await this.#cycle.settled(async () => requireTarget(this.#run));
  }

  /**
   * One whole step of a custom loop: gradients, masked update, and the method's decision.
   *
   * @param loss - Computes the loss of a batch from the model's variables.
   * @returns The loss before the update.
   * @throws {@link StepNotSettledError} if an earlier step is still open.
   * @throws {@link MissingExampleLossesError} if the method needs per-example gradients and the session has no losses.
   * @throws {@link InvalidDecisionError} if the method's decision cannot be carried out.
   */
  async step(loss: () => tf.Scalar): Promise<number> {
    this.#cycle.requireAlive();
    const cost = this.optimizer.minimize(loss, true) as tf.Scalar;
    try {
      await this.settle();
      return (await cost.data())[0] ?? Number.NaN;
    } finally {
      cost.dispose();
    }
  }

  /**
   * Finishes the step that `optimizer.minimize` or `applyGradients` began; does nothing if none is open.
   *
   * If the method throws, or its decision is refused, nothing has been carried out and the step stays open.
   *
   * @throws {@link InvalidDecisionError} if the method's decision cannot be carried out.
   */
  settle(): Promise<void> {
    return this.#cycle.settle();
  }

  /**
   * The whole run as data, after settling the step that may be open. {@link encodeCheckpoint} makes bytes of it.
   *
   * @param options - What to add and what to leave out.
   * @throws {@link SessionDisposedError} if the session was disposed, before or meanwhile.
   */
  checkpoint(options: CheckpointOptions = {}): Promise<Checkpoint> {
    return this.#cycle.settled(() => saveSession(this.#run, options));
  }

  /** Frees the tensors that the session made. Model and inner optimizer stay yours; see {@link disposeOptimizer}. */
  dispose(): void {
    this.#cycle.dispose();
    this.#run.dispose();
  }
}
