import { EspalierError, type Json } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { DivergedError } from './errors.js';
import { softmaxCrossEntropy } from './loss.js';
import { seedDropout } from './seed-dropout.js';
import type { TrainOptions } from './train-options.js';

/** One step of the session on the batch of its position; gives the batch's loss. */
export async function takeStep<State extends Json>(options: TrainOptions<State>): Promise<number> {
  const { session, model, batches, loss = softmaxCrossEntropy() } = options;
  const { step, position } = session.clock;
  const { xs, ys } = await batches(position);
  const restoreDropout = seedDropout(model, session.seed, step);
  try {
    const value = await session.step(() =>
      tf.tidy(() => {
        const outputs = model.apply(xs, { training: true }) as tf.Tensor;
        return model.calculateLosses().reduce((sum, extra) => tf.add(sum, extra), loss(outputs, ys));
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
    restoreDropout();
    tf.dispose([xs, ys]);
  }
}
