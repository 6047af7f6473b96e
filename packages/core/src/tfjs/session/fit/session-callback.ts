import type { CustomCallback, LayersModel } from '@tensorflow/tfjs-layers';
import { OptimizerNotUsedError } from '../../errors.js';
import type { StepCycle } from '../step/step-cycle.js';
import { keepFrozenStatistics } from './keep-frozen-statistics.js';

/**
 * A callback for `LayersModel.fit` and `fitDataset`. It is a `Callback` as well as an object of callback functions, so
 * that it may stand alone or in any place of a list of either.
 */
export type SessionCallback = Pick<
  CustomCallback,
  | 'onBatchBegin'
  | 'onBatchEnd'
  | 'onEpochBegin'
  | 'onEpochEnd'
  | 'onTrainBegin'
  | 'onTrainEnd'
  | 'params'
  | 'setModel'
  | 'setParams'
  | 'validationData'
>;

/** What the callback needs of its session. */
export interface CallbackHooks {
  readonly cycle: Pick<StepCycle<never>, 'begun' | 'requireAlive' | 'settle'>;
  /** Throws unless the method's promise is kept; does nothing where more calls of `fit` are to follow. */
  readonly requireTarget: () => unknown;
  /** The models that are trained, as far as they are known. */
  readonly models: () => readonly LayersModel[];
}

/**
 * Settles each step, and notices a `fit` that goes past the session: a batch that ends without a step of its own, and
 * an end before the method's target. Frozen batch normalization stays frozen in each batch:
 * {@link keepFrozenStatistics}.
 */
export function sessionCallback({ cycle, models, requireTarget }: CallbackHooks): SessionCallback {
  let begun = cycle.begun;
  let paired = false; // whether batches are announced; who lends out onBatchEnd alone does not
  let unfreeze = (): void => {};
  const settled = async (): Promise<void> => {
    unfreeze();
    cycle.requireAlive();
    await cycle.settle(); // an earlier fit may have failed between a step and its settling
  };
  return {
    params: {},
    validationData: [],
    setParams(params) {
      this.params = params;
    },
    setModel() {},
    onTrainBegin: settled,
    onEpochBegin: async () => {},
    onBatchBegin: async () => {
      await settled();
      paired = true;
      begun = cycle.begun;
      const restore = models().map(keepFrozenStatistics);
      unfreeze = () => {
        for (const undo of restore.reverse()) undo();
      };
    },
    onBatchEnd: async () => {
      unfreeze();
      cycle.requireAlive();
      if (cycle.begun === begun) throw new OptimizerNotUsedError();
      await cycle.settle();
      if (!paired) begun = cycle.begun;
    },
    onEpochEnd: async () => {},
    onTrainEnd: async () => {
      unfreeze();
      await cycle.settle();
      requireTarget();
    },
  };
}
