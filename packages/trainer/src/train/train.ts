import type { Clock, MethodState } from '@espalier/core';
import { distillationOf } from '../distillation/distillation.js';
import { StepLimitError } from '../errors.js';
import { askedOf, type Evaluation, evaluateBy } from '../evaluate.js';
import { judgeOf } from '../output/judge.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { takeCheckpoint } from './finish.js';
import { takeStep } from './take-step.js';
import { checkTrainOptions, type TrainOptions } from './train-options.js';
import { watchDecisions } from './watch-decisions.js';

/** How a run ended. */
export interface TrainResult {
  /** Whether all steps were taken, or the signal stopped the run. */
  readonly reason: 'finished' | 'aborted';
  /** The clock at the end. */
  readonly clock: Clock;
  /** Overall sparsity of the prunable weights at the end, in [0, 1). */
  readonly sparsity: number;
  /** Loss of the last batch; absent if no step was left to take. */
  readonly loss?: number;
  /** The last evaluation; absent if none was asked for. */
  readonly evaluation?: Evaluation;
}

/**
 * Trains until the session's position reaches `steps`, carrying out the session's method on the way.
 *
 * Data, learning rate and dropout are functions of the clock alone, so a resumed run is bit for bit the uninterrupted
 * one, and a method that rewinds sees the same data again. Tensors of the batches are disposed. The learning rate is
 * the session's own schedule: `cosine`, `linear`, `step` and `warmUp` are in `@espalier/core`.
 *
 * Layers run in training mode, except for frozen batch normalization: as in Keras, a layer with `trainable` false (its
 * own, or that of a nested model that holds it) normalizes by its moving statistics, which stay as they are.
 *
 * @returns How the run ended; `finished` also if the session already stood at the end.
 * @throws {@link InvalidOptionError} if an option is impossible, a loss or metric names no output, a loss contradicts
 *   its output, or a teacher does not fit the model.
 * @throws {@link UnknownOptionError} if there is an option of another name.
 * @throws {@link NoDefaultLossError} if there is no loss and none fits the model: {@link evaluate} has the rule.
 * @throws {@link NoAccuracyError} if there are evaluations without a metric and the output is not
 *   `[examples, classes]`.
 * @throws {@link InvalidBatchError} if a batch is not what the model takes, or a label is none of its classes; the step
 *   is not taken.
 * @throws {@link SparsityNotReachedError} at the start if the run is too short for the method's target, and at the end,
 *   after the last checkpoint, if the target was missed.
 * @throws {@link DivergedError} if the loss or a weight to be saved is not finite; earlier checkpoints are left alone.
 * @throws {@link StepLimitError} if rewinding takes the run past `maximumSteps`.
 *
 * @example Ten steps on constant data, pruning half the weights at position 5.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { modelWeights, PruningSession } from '@espalier/core/tfjs';
 * import { oneShotMagnitude } from '@espalier/prune-magnitude';
 * import { train } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 * import * as layers from '@tensorflow/tfjs-layers';
 *
 * const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [4] })] });
 * const session = await PruningSession.start(oneShotMagnitude({ sparsity: 0.5, position: 5 }), {
 *   weights: modelWeights(model),
 *   optimizer: tf.train.momentum(0.1, 0.9),
 * });
 * const batches = () => ({ xs: tf.ones([8, 4]), ys: tf.zeros([8], 'int32') });
 * const { sparsity } = await train({ session, model, batches, steps: 10 }); // 0.5
 * session.dispose();
 * ```
 */
export async function train<State extends MethodState>(options: TrainOptions<State>): Promise<TrainResult> {
  checkTrainOptions(options);
  const { session, steps, maximumSteps = 100 * steps, signal, onEvent = () => {} } = options;
  const judge = judgeOf(options.model, options.loss);
  const asked = options.evaluation && askedOf(judge, options.evaluation);
  const distillation = options.distillation && distillationOf(judge, options.distillation);
  const decided = watchDecisions(session);
  const yieldNow = yieldToEventLoop(50);
  let loss: number | undefined;
  let evaluation: Evaluation | undefined;
  let evaluatedAt = -1;
  let savedAt = -1;

  const evaluateNow = async (): Promise<void> => {
    if (!options.evaluation || !asked || evaluatedAt === session.clock.step) return;
    const { batches } = options.evaluation;
    try {
      evaluation = await evaluateBy(judge, batches(), asked, signal);
    } catch (error) {
      if (signal?.aborted && error === signal.reason) return;
      throw error;
    }
    evaluatedAt = session.clock.step;
    await onEvent({ type: 'evaluation', clock: session.clock, evaluation, sparsity: session.sparsity });
  };
  const saveNow = async (): Promise<void> => {
    if (!options.checkpoint || savedAt === session.clock.step) return;
    savedAt = session.clock.step;
    const { save, metadata } = options.checkpoint;
    await save(await takeCheckpoint(session, options.model, metadata));
    await onEvent({ type: 'checkpoint', clock: session.clock });
  };

  while (session.clock.position < steps && !signal?.aborted) {
    if (session.clock.step >= maximumSteps) throw new StepLimitError(maximumSteps, session.clock.position, steps);
    loss = await takeStep(options, judge, distillation);
    const { clock } = session;
    await onEvent({ type: 'step', clock, loss });
    if (decided()) await onEvent({ type: 'decision', clock, sparsity: session.sparsity, phase: session.phase });
    if (isDue(options.evaluation, clock.position)) await evaluateNow();
    if (isDue(options.checkpoint, clock.step)) await saveNow();
    await yieldNow();
  }

  if (session.clock.position >= steps) await evaluateNow();
  // A run whose last evaluation was cut short is gone on with to have it.
  const judged = !options.evaluation || evaluatedAt === session.clock.step;
  const reason = session.clock.position >= steps && judged ? 'finished' : 'aborted';
  await saveNow();
  if (reason === 'finished') await session.finish();
  await onEvent({ type: 'end', clock: session.clock, reason });
  const { clock, sparsity } = session;
  return { reason, clock, sparsity, ...(loss === undefined ? {} : { loss }), ...(evaluation ? { evaluation } : {}) };
}

function isDue(timing: { readonly every: number } | undefined, count: number): boolean {
  return timing !== undefined && count % timing.every === 0;
}
