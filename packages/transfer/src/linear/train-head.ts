import { fixed } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { train } from '@tensorflow/tfjs-core';
import { sequential } from '@tensorflow/tfjs-layers';
import { newHead } from '../backbone/head.js';
import type { Features } from '../features/features.js';
import { scoreModel } from '../scores/score-model.js';
import { dropSchedule } from '../training/learning-rate.js';
import type { EpochScore } from '../training/result.js';
import { runEpochs } from '../training/run-epochs.js';
import type { TrainingSettings } from '../training/training-options.js';
import { allFeatures, featureBatch, stepsOf } from './feature-batches.js';

/** Settings of one run. */
export interface HeadOptions extends TrainingSettings {
  readonly seed: number;
  readonly classes: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly onEpoch: (score: EpochScore) => unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Trains a linear layer on features and scores it on others after every epoch. */
export async function trainHead(
  trained: Features,
  tested: Features,
  options: HeadOptions,
): Promise<readonly EpochScore[]> {
  const { seed, classes, epochs, batchSize, momentum, weightDecay, evaluateEvery, onEpoch, signal } = options;
  const stepsPerEpoch = stepsOf(trained, batchSize);
  const schedule = dropSchedule({ ...options, stepsPerEpoch });
  const model = sequential({ layers: [newHead(trained.dimension, classes, seed)] });
  const optimizer = train.momentum(options.learningRate, momentum);
  let session: PruningSession<null> | undefined;
  try {
    session = await PruningSession.start(fixed(), {
      weights: modelWeights(model),
      optimizer,
      learningRate: schedule,
      weightDecay: { rate: weightDecay, biases: true },
      seed,
    });
    return await runEpochs({
      session,
      model,
      stepsPerEpoch,
      epochs,
      schedule,
      evaluateEvery,
      onEpoch,
      signal,
      batches: position => featureBatch(trained, position, batchSize, seed),
      score: () => scoreModel(model, allFeatures(tested, classes), classes, signal),
    });
  } finally {
    session?.dispose();
    disposeOptimizer(optimizer);
    model.dispose();
  }
}
