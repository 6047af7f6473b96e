import type { Checkpoint, PruningMethod } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { smallConvNet } from '@espalier/models';
import { train } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { testBatches, trainingBatch } from './digits.js';
import { learningRate, recipe } from './recipe.js';

/** How a network did on the test digits after some of the steps. */
export interface CurvePoint {
  readonly step: number;
  readonly accuracy: number;
  readonly sparsity: number;
}

/** A trained network as data, and how it got there. */
export interface TrainedNetwork {
  readonly checkpoint: Checkpoint;
  readonly curve: readonly CurvePoint[];
  readonly seconds: number;
}

/** Trains a new network on the digits and lets the method prune it on the way. */
export async function trainDigits(
  method: PruningMethod<null>,
  onProgress: (point: CurvePoint) => void,
): Promise<TrainedNetwork> {
  const { seed, steps, momentum, weightDecay, evaluateEvery } = recipe;
  const started = performance.now();
  const model = smallConvNet({ seed });
  const optimizer = tf.train.momentum(recipe.learningRate, momentum);
  const session = await PruningSession.start(method, {
    weights: modelWeights(model),
    optimizer,
    learningRate,
    weightDecay,
    seed,
  });

  const curve: CurvePoint[] = [];
  await train({
    session,
    model,
    steps,
    batches: trainingBatch,
    evaluation: { every: evaluateEvery, batches: testBatches },
    onEvent: event => {
      if (event.type !== 'evaluation') return;
      const point = { step: event.clock.step, accuracy: event.evaluation.accuracy, sparsity: event.sparsity };
      curve.push(point);
      onProgress(point);
    },
  });

  const checkpoint = await session.checkpoint({ model, metadata: { recipe }, slots: false });
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  return { checkpoint, curve, seconds: (performance.now() - started) / 1000 };
}
