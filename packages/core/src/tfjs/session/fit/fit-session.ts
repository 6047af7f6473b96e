import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { MethodState } from '../../../method/state.js';
import { modelsOf } from '../../weights/listed-models.js';
import type { SessionRun } from '../session-run.js';
import { SessionView } from '../session-view.js';
import type { StepCycle } from '../step/step-cycle.js';
import { requireTarget } from '../target.js';
import { acceptMixedCallbacks } from './fit-callbacks.js';
import { type AnyCallback, type FitCallbacks, mixedCallbacks } from './mixed-callbacks.js';
import { type SessionCallback, sessionCallback } from './session-callback.js';

/**
 * The part of a session that works in `fit` and `fitDataset`: its callbacks.
 *
 * @typeParam State - What the method carries between steps.
 */
export abstract class FitSession<State extends MethodState = MethodState> extends SessionView<State> {
  /**
   * For `fit` or `fitDataset`, after `model.compile({ optimizer: session.optimizer, … })`: settles each step. Alone or
   * in a list with other callbacks of any kind, in any order; {@link callbacks} makes such a list with types. Without
   * it the second step throws {@link StepNotSettledError}. `fit` shuffles with `Math.random`; pass `shuffle: false` or
   * your own generator for reproducible runs.
   *
   * `fit` then rejects with {@link OptimizerNotUsedError} at the end of a batch that another optimizer trained, and,
   * when it ends before the method has reached its target, with {@link SparsityNotReachedError}; the weights are as
   * training left them, and another `fit` goes on. To train in several parts set {@link SessionOptions.fitInParts} and
   * call {@link PruningSession.finish} at the end.
   */
  readonly callback: SessionCallback;

  constructor(run: SessionRun<State>, cycle: StepCycle<State>) {
    super(run);
    const { fitInParts = false } = run.options;
    const models = (): LayersModel[] => modelsOf(run.table.all);
    this.callback = sessionCallback({ cycle, models, requireTarget: () => fitInParts || requireTarget(run) });
    acceptMixedCallbacks(run.table.all);
  }

  /**
   * {@link callback} and others in one list for `fit`: `callbacks: session.callbacks(tf.callbacks.earlyStopping(), {
   * onEpochEnd })`. TensorFlow.js takes a list of one kind alone; here parameters of functions have their types, too.
   *
   * @param others - Instances of callback classes, objects of callback functions, and lists of these; they run in this
   * order, after the session's.
   * @throws {@link InvalidOptionError} if something is no callback.
   *
   * @example
   * ```ts
   * import type { PruningSession } from '@espalier/core/tfjs';
   * import * as tf from '@tensorflow/tfjs-core';
   * import { callbacks, type LayersModel } from '@tensorflow/tfjs-layers';
   *
   * export async function train(
   *   session: PruningSession,
   *   model: LayersModel,
   *   x: tf.Tensor,
   *   y: tf.Tensor,
   * ): Promise<void> {
   *   await model.fit(x, y, {
   *     epochs: 10,
   *     validationSplit: 0.1,
   *     callbacks: session.callbacks(callbacks.earlyStopping(), {
   *       onEpochEnd: (epoch, logs) => console.log(epoch, logs?.loss, session.sparsity),
   *     }),
   *   });
   * }
   * ```
   */
  callbacks(...others: readonly AnyCallback[]): FitCallbacks {
    return mixedCallbacks([this.callback, ...others]);
  }
}
