import { EspalierError, type MethodState } from '@espalier/core';
import { keepFrozenStatistics } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { disposeBatch } from '../batch.js';
import type { Distillation } from '../distillation/distillation.js';
import { DivergedError } from '../errors.js';
import { checkBatch } from '../output/check-batch.js';
import type { Judge } from '../output/judge.js';
import { trainingLoss } from '../output/score.js';
import { seedDropout } from './seed-dropout.js';
import type { TrainOptions } from './train-options.js';

/** One step of the session on the batch of its position; gives the batch's loss. */
export async function takeStep<State extends MethodState>(
  { session, model, batches }: TrainOptions<State>,
  judge: Judge,
  distillation: Distillation | undefined,
): Promise<number> {
  const { step, position } = session.clock;
  const batch = await batches(position);
  const undo: (() => void)[] = [];
  let taught: tf.Tensor[] = [];
  try {
    await checkBatch(batch, judge, `the batch of position ${position}`, false);
    // Before the step, whose tape would keep everything that the teacher computes.
    if (distillation) taught = distillation.taught(batch.xs);
    undo.push(seedDropout(model, session.seed, step), keepFrozenStatistics(model));
    const value = await session.step(() =>
      tf.tidy(() => {
        const { xs, ys } = batch;
        const loss = distillation ? distillation.loss(xs, ys, taught) : trainingLoss(judge, xs, ys);
        return model.calculateLosses().reduce((sum, extra) => tf.add(sum, extra), loss);
      }),
    );
    if (!Number.isFinite(value)) throw new DivergedError(step, `the loss is ${value}`);
    return value;
  } catch (error) {
    if (EspalierError.isInstance(error) && error.code === 'NON_FINITE_SCORE') {
      throw new DivergedError(step, 'the weights to be ranked are not finite', { cause: error });
    }
    throw error;
  } finally {
    for (const restore of undo) restore();
    tf.dispose(taught);
    disposeBatch(batch);
  }
}
