import '@tensorflow/tfjs-backend-cpu';
import { type Checkpoint, fixed } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { syntheticSplit } from '@espalier/datasets';
import * as trainer from '@espalier/trainer';
import { latestCheckpoint, saveCheckpoint } from '@espalier/trainer/node';
import * as transfer from '@espalier/transfer';
import { fileFeatureCache, fileRunStore } from '@espalier/transfer/node';
import * as tf from '@tensorflow/tfjs-core';
import { layers, type Sequential, sequential } from '@tensorflow/tfjs-layers';

export const model: Sequential = sequential({
  layers: [layers.flatten({ inputShape: [4, 4, 1] }), layers.dense({ units: 2 })],
});
const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) });
export const checkpoint: Checkpoint = await session.checkpoint({ model });
const split = syntheticSplit({ trainSize: 8, testSize: 4, shape: [4, 4, 1], classes: 2 });
export const task: transfer.TransferTask = { name: 'patterns', metric: 'top-1', ...split };
const batch = (): trainer.Batch => ({ xs: tf.zeros([1, 4, 4, 1]), ys: tf.zeros([1], 'int32') });
export const right: trainer.TrainOptions<null> = {
  session,
  model,
  batches: batch,
  steps: 1,
};

/** As someone calls it who writes plain JavaScript. */
type Loose = (...args: unknown[]) => unknown;
export const call = async (entry: unknown, ...args: unknown[]): Promise<unknown> => (entry as Loose)(...args);

/** Everything of the trainer and of transfer that takes options, by name. */
export const trainingCalls: Record<string, (options: unknown) => Promise<unknown>> = {
  train: options =>
    call(
      trainer.train,
      typeof options === 'object' && options && !Array.isArray(options) ? { ...right, ...options } : options,
    ),
  evaluate: options => call(trainer.evaluate, model, [batch()], options),
  recalibrateBatchNorm: options => call(trainer.recalibrateBatchNorm, model, [batch()], options),
  softmaxCrossEntropy: options => call(trainer.softmaxCrossEntropy, options),
  sigmoidCrossEntropy: options => call(trainer.sigmoidCrossEntropy, options),
  exampleLosses: options =>
    call(
      trainer.exampleLosses,
      typeof options === 'object' && options && !Array.isArray(options)
        ? { model, batches: batch, ...options }
        : options,
    ),
  saveCheckpoint: options => call(saveCheckpoint, '/tmp/espalier-never-made', checkpoint, options),
  latestCheckpoint: options => call(latestCheckpoint, '/tmp/espalier-never-made', options),
  linearProbe: options => call(transfer.linearProbe, model, task, options),
  fullFinetune: options => call(transfer.fullFinetune, model, task, options),
  withClasses: options => call(transfer.withClasses, checkpoint, options),
  runtimeExtractor: options => call(transfer.runtimeExtractor, checkpoint, options),
  tfjsExtractor: options => call(transfer.tfjsExtractor, model, options),
  aggregate: options => call(transfer.aggregate, [], options),
  summarize: options => call(transfer.summarize, [], options),
  fileFeatureCache: options => call(fileFeatureCache, 'features', options),
  fileRunStore: options => call(fileRunStore, 'runs', options),
};
