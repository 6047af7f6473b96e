import { type Checkpoint, checkOptions, normalizationFor } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { imagenetNormalization } from '@espalier/datasets';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { FeaturePlace } from '../backbone/find-classifier.js';
import { requireSource } from '../backbone/require-source.js';
import { extractFeatures } from '../features/extract-features.js';
import type { FeatureExtractor, Features } from '../features/features.js';
import { tfjsExtractor } from '../features/tfjs-extractor.js';
import { requireTask } from '../task/require-task.js';
import type { TransferTask } from '../task/task.js';
import { withDefaults } from '../training/option-rules.js';
import { type EpochScore, resultOf, runOf, type TransferResult, type TransferRun } from '../training/result.js';
import { type TrainingSettings, trainingDefaults } from '../training/training-options.js';
import type { LinearProbeOptions } from './probe-options.js';
import { probeRules } from './probe-rules.js';
import { trainHead } from './train-head.js';

/**
 * Linear protocol of the study: features of all examples are taken once from the frozen network, without augmentation
 * and with its moving statistics, and a linear classifier is trained on them by SGD, once for each seed.
 *
 * The network keeps its sparsity and is not changed by a bit. The classifier starts from PyTorch's weights for a linear
 * layer; order and weights are functions of the seed, so the same call gives the same result on the same backend.
 *
 * @param source - A checkpoint of any method that holds its topology, a model, or an extractor of your own. A model
 *   stays yours.
 * @param task - What to transfer to.
 * @param options - Settings; those of the study if left out.
 * @returns Both metrics for every seed, and their mean and deviation, after the last epoch and at the best one.
 * @throws {@link CheckpointMismatchError} if a checkpoint holds no topology.
 * @throws {@link NoClassifierError} if the network does not end in a dense or convolution layer.
 * @throws {@link ShapeMismatchError} if the images cannot be made into what the network takes.
 * @throws {@link InvalidOptionError} if source, task or an option is impossible, or train and test have different
 *   classes.
 * @throws {@link UnknownOptionError} if there is an option of another name.
 * @throws {@link DivergedError} if the loss is not finite.
 * @throws The signal's reason if it is aborted.
 * @see Iofinova et al. 2022, {@link https://arxiv.org/abs/2111.13445}, section 3 and the authors' code; Kornblith,
 *   Shlens and Le 2019, {@link https://arxiv.org/abs/1805.08974}.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { syntheticSplit } from '@espalier/datasets';
 * import { lenet300 } from '@espalier/models';
 * import { linearProbe } from '@espalier/transfer';
 *
 * const data = syntheticSplit({ trainSize: 64, testSize: 32, shape: [8, 8, 1], classes: 4 });
 * const model = lenet300({ inputShape: [8, 8, 1], classes: 10, seed: 1 });
 * const task = { name: 'patterns', metric: 'top-1', ...data } as const;
 * const { final } = await linearProbe(model, task, { epochs: 5, seeds: [21, 51] });
 * console.log(final.top1); // { mean: …, deviation: … }
 * model.dispose();
 * ```
 */
export async function linearProbe(
  source: Checkpoint | LayersModel | FeatureExtractor,
  task: TransferTask,
  options: LinearProbeOptions = {},
): Promise<TransferResult> {
  checkOptions<LinearProbeOptions>(options, probeRules);
  requireSource(source, true);
  const classes = requireTask(task);
  const settings = withDefaults(defaults, options);
  const { seeds, onEvent, signal } = settings;
  const [trained, tested] = await withExtractor(source, settings, extractor => featuresOf(extractor, task, settings));
  const runs: TransferRun[] = [];
  for (const seed of seeds) {
    signal?.throwIfAborted();
    const onEpoch = (score: EpochScore): unknown => onEvent?.({ type: 'epoch', seed, score });
    runs.push(runOf(seed, await trainHead(trained, tested, { ...settings, seed, classes, onEpoch }), task.metric));
  }
  return resultOf('linear', task, runs);
}

const defaults: TrainingSettings & {
  readonly seeds: readonly number[];
  readonly learningRate: number;
  readonly batchSize: number;
  readonly extractionBatchSize: number;
} = {
  ...trainingDefaults,
  seeds: [21, 51, 81, 111, 141],
  learningRate: 0.01,
  batchSize: 64,
  extractionBatchSize: 64,
};

async function featuresOf(
  extractor: FeatureExtractor,
  task: TransferTask,
  options: LinearProbeOptions & { readonly extractionBatchSize: number },
): Promise<[train: Features, test: Features]> {
  const { cache, onEvent, signal, transform, extractionBatchSize: batchSize } = options;
  const [, , channels] = extractor.inputShape;
  const guess = channels === imagenetNormalization.mean.length ? imagenetNormalization : task.normalization;
  const normalize = normalizationFor(options.normalize ?? extractor.normalization ?? guess, channels);
  const take = (part: 'train' | 'test'): Promise<Features> => {
    const total = task[part].size;
    const onProgress = (done: number): unknown => onEvent?.({ type: 'features', part, done, total });
    return extractFeatures(extractor, task[part], { cache, signal, transform, batchSize, normalize, onProgress });
  };
  return [await take('train'), await take('test')];
}

/** Makes an extractor of whatever it was given, and disposes what it made for that. */
async function withExtractor<Result>(
  source: Checkpoint | LayersModel | FeatureExtractor,
  { featureLayer, head }: FeaturePlace,
  use: (extractor: FeatureExtractor) => Promise<Result>,
): Promise<Result> {
  if ('extract' in source) return use(source);
  if (!('format' in source)) return use(tfjsExtractor(source, { featureLayer, head }));
  const model = await toModel(source);
  try {
    return await use(tfjsExtractor(model, { featureLayer, head }));
  } finally {
    model.dispose();
  }
}
