import { type Checkpoint, checkOptions } from '@espalier/core';
import type { Normalization } from '@espalier/datasets';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireSource } from '../backbone/require-source.js';
import { readUpstream, type Upstream } from '../backbone/upstream.js';
import { type Network, withNewHead } from '../backbone/with-new-head.js';
import { DenseCheckpointError } from '../errors.js';
import { sha256 } from '../features/sha256.js';
import { requireTask } from '../task/require-task.js';
import type { TransferTask } from '../task/task.js';
import { withDefaults } from '../training/option-rules.js';
import { resultOf, runOf, type TransferRun } from '../training/result.js';
import { type TrainingSettings, trainingDefaults } from '../training/training-options.js';
import type { FullFinetuneOptions, FullFinetuneResult } from './finetune-options.js';
import { finetuneRules } from './finetune-rules.js';
import { finetuneRun } from './finetune-run.js';

/**
 * Full protocol of the study: every layer is fine-tuned with its masks fixed, under a new dense classifier, once for
 * each seed. Normalization layers run in training mode, also those that were frozen in the network: all layers are
 * unfrozen in the copy that is trained. Scores are taken in inference mode.
 *
 * Masks are those of the checkpoint. Where these mask nothing, as in weights from elsewhere, {@link masksOfZeros} makes
 * them of the zeros if there are many, because such a network would otherwise become dense in the first step. At the
 * end of every run they are compared bit by bit. What is given is not changed.
 *
 * With a store every run can be killed and goes on exactly where it was last saved; runs that are finished are not run
 * again.
 *
 * @param source - A checkpoint of any method that holds its topology, or a model of any origin. A model stays yours.
 * @param task - What to transfer to.
 * @param options - Settings; those of the study if left out.
 * @returns Both metrics for every seed, their mean and deviation, after the last epoch and at the best one, and the
 *   sparsity.
 * @throws {@link DenseCheckpointError} if nothing is pruned and `allowDense` is not set.
 * @throws {@link CheckpointMismatchError} if a checkpoint holds no topology, or the store holds a run with other
 *   settings.
 * @throws {@link NoClassifierError} if the network does not end in a dense or convolution layer.
 * @throws {@link ShapeMismatchError} if the images cannot be made into what the network takes.
 * @throws {@link InvalidOptionError} if source, task or an option is impossible, or train and test have different
 *   classes.
 * @throws {@link UnknownOptionError} if there is an option of another name.
 * @throws {@link DivergedError} if the loss is not finite.
 * @throws {@link MasksChangedError} if a mask changed, which would be a bug.
 * @throws The signal's reason if it is aborted.
 * @see Iofinova et al. 2022, {@link https://arxiv.org/abs/2111.13445}, section 3 and the authors' code.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { activeMagnitude, uniform } from '@espalier/core';
 * import { modelWeights, pruneOnce } from '@espalier/core/tfjs';
 * import { syntheticSplit } from '@espalier/datasets';
 * import { lenet300 } from '@espalier/models';
 * import { fullFinetune } from '@espalier/transfer';
 *
 * const data = syntheticSplit({ trainSize: 64, testSize: 32, shape: [8, 8, 1], classes: 4 });
 * const model = lenet300({ inputShape: [8, 8, 1], classes: 10, seed: 1 });
 * await pruneOnce(modelWeights(model), activeMagnitude, 0.9, uniform);
 * const task = { name: 'patterns', metric: 'top-1', ...data } as const;
 * const { sparsity, final } = await fullFinetune(model, task, { epochs: 2, batchSize: 16, seeds: [21] });
 * console.log(sparsity, final.top1.mean); // 0.9, to within rounding
 * model.dispose();
 * ```
 */
export async function fullFinetune(
  source: Checkpoint | LayersModel,
  task: TransferTask,
  options: FullFinetuneOptions = {},
): Promise<FullFinetuneResult> {
  checkOptions<FullFinetuneOptions>(options, finetuneRules);
  requireSource(source, false);
  const classes = requireTask(task);
  const upstream = await readUpstream(source);
  const usual = {
    batchSize: Math.min(defaults.batchSize, task.train.size),
    learningRate: task.learningRateFull ?? 0.001,
  };
  const given = withDefaults({ ...defaults, ...usual }, options);
  const settings = { ...given, normalize: options.normalize ?? upstream.normalization ?? task.normalization };
  const { seeds, signal } = settings;
  const identity = await identityOf(upstream, task, settings);
  const runs: TransferRun[] = [];
  let sparsity = 0;
  for (const seed of seeds) {
    signal?.throwIfAborted();
    const network = await withNewHead(upstream, classes, seed, settings);
    try {
      sparsity = sparsityOf(network);
      if (sparsity === 0) warnOfDense(options, seed === seeds[0]);
      const history = await finetuneRun(network, task, { ...settings, seed, classes, identity });
      runs.push(runOf(seed, history, task.metric));
    } finally {
      network.model.dispose();
    }
  }
  return { ...resultOf('full', task, runs), sparsity };
}

const defaults: TrainingSettings & {
  readonly seeds: readonly number[];
  readonly batchSize: number;
  readonly saveEvery: number;
} = { ...trainingDefaults, seeds: [21, 51, 81], batchSize: 64, saveEvery: 5 };

function sparsityOf({ masks }: Network): number {
  let [masked, entries] = [0, 0];
  for (const mask of masks.values()) {
    entries += mask.length;
    for (const bit of mask) masked += 1 - bit;
  }
  return entries === 0 ? 0 : masked / entries;
}

function warnOfDense({ allowDense, onWarning }: FullFinetuneOptions, first: boolean): void {
  if (allowDense !== true) throw new DenseCheckpointError();
  if (first) onWarning?.({ code: 'DENSE_CHECKPOINT', message: 'Nothing is pruned: a dense network is fine-tuned.' });
}

/** What a stored run must agree with: everything that its numbers depend on and that can be told apart. */
async function identityOf(
  { weights, masks }: Upstream,
  task: TransferTask,
  settings: typeof defaults & {
    readonly featureLayer?: string | undefined;
    readonly head?: 'find' | 'none' | undefined;
    readonly learningRate: number;
    readonly normalize: Normalization;
  },
): Promise<{ [key: string]: string | number }> {
  const { epochs, batchSize, momentum, weightDecay, evaluateEvery, learningRate, dropAfter, normalize } = settings;
  const names = JSON.stringify([[...weights.keys()], [...masks.keys()]]);
  const values = [...weights.values()].map(weight => weight.values);
  return {
    upstream: await sha256(names, ...values, ...masks.values()),
    task: `${task.name}: ${task.train.name} (${task.train.size}), ${task.test.name} (${task.test.size})`,
    epochs,
    batchSize,
    momentum,
    weightDecay,
    evaluateEvery,
    learningRate,
    dropAfter: dropAfter.join(),
    normalise: JSON.stringify([normalize.mean, normalize.std]), // spelled as in stored runs
    ...(settings.featureLayer === undefined ? {} : { featureLayer: settings.featureLayer }),
    ...(settings.head === 'none' ? { head: 'none' } : {}),
  };
}
