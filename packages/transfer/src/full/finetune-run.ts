import { type Checkpoint, fixed, type Json, normalizationFor, withClassNames } from '@espalier/core';
import { disposeOptimizer, PruningSession, setModelNormalization } from '@espalier/core/tfjs';
import { type Normalization, stepsPerEpoch as stepsOf } from '@espalier/datasets';
import { train } from '@tensorflow/tfjs-core';
import type { Network } from '../backbone/with-new-head.js';
import { MasksChangedError } from '../errors.js';
import { imageShapeOf } from '../features/image-shape.js';
import { scoreModel } from '../scores/score-model.js';
import { evaluationBatches } from '../task/evaluation-batches.js';
import type { TransferTask } from '../task/task.js';
import { trainingBatches } from '../task/training-batches.js';
import { dropSchedule } from '../training/learning-rate.js';
import type { EpochScore } from '../training/result.js';
import { runEpochs } from '../training/run-epochs.js';
import type { TrainingSettings, TransferTrainingOptions } from '../training/training-options.js';
import type { FullFinetuneOptions } from './finetune-options.js';
import { progressOf, withProgress } from './run-store.js';

/** The options of one run, with nothing left to default. */
export interface RunSettings extends Omit<FullFinetuneOptions, keyof TransferTrainingOptions>, TrainingSettings {
  readonly seed: number;
  readonly classes: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly saveEvery: number;
  readonly normalize: Normalization;
  /** What a stored run must agree with to be resumed. */
  readonly identity: Json;
}

/** One run of full fine-tuning, from where the store has it. The network stays the caller's. */
export async function finetuneRun(
  network: Network,
  task: TransferTask,
  settings: RunSettings,
): Promise<readonly EpochScore[]> {
  const { model, weights, masks } = network;
  const { seed, classes, epochs, batchSize, store, signal, evaluateEvery, identity } = settings;
  const stepsPerEpoch = stepsOf(task.train, batchSize);
  const inputShape = imageShapeOf(model);
  const normalize = normalizationFor(settings.normalize, inputShape[2]);
  const preparation = { inputShape, batchSize, normalize, signal };
  setModelNormalization(model, normalize); // which puts it into the checkpoints
  const schedule = dropSchedule({ ...settings, stepsPerEpoch });
  const { batches, close } = trainingBatches(task.train, {
    ...preparation,
    seed,
    steps: epochs * stepsPerEpoch,
    trainTransform: settings.trainTransform,
    augment: settings.augment,
  });
  const optimizer = train.momentum(settings.learningRate, settings.momentum);
  let session: PruningSession<null> | undefined;
  try {
    const stored = await store?.load(seed);
    const progress = progressOf(stored, identity);
    const weightDecay = { rate: settings.weightDecay, biases: true, normalization: true };
    const options = { weights, optimizer, learningRate: schedule, weightDecay, seed };
    session = await (stored
      ? PruningSession.resume(fixed(), options, stored)
      : PruningSession.start(fixed(), { ...options, masks }));
    const named = (checkpoint: Checkpoint): Checkpoint => ({
      ...checkpoint,
      metadata: withClassNames(checkpoint.metadata, task.train.classes),
    });
    const history = await runEpochs({
      session,
      model,
      batches,
      stepsPerEpoch,
      epochs,
      schedule,
      evaluateEvery,
      progress,
      signal,
      score: () =>
        scoreModel(
          model,
          evaluationBatches(task.test, { ...preparation, transform: settings.testTransform }),
          classes,
          signal,
        ),
      onEpoch: score => settings.onEvent?.({ type: 'epoch', seed, score }),
      save: store && {
        every: settings.saveEvery,
        store: (checkpoint, known) => store.save(seed, withProgress(named(checkpoint), identity, known)),
      },
    });
    await requireSameMasks(network, session, seed);
    return history;
  } finally {
    await close();
    session?.dispose();
    disposeOptimizer(optimizer);
  }
}

/** Masks are bit for bit those from before, and every masked entry is 0. */
async function requireSameMasks(
  { masks, weights }: Network,
  session: PruningSession<null>,
  seed: number,
): Promise<void> {
  for (const { name, variable } of weights) {
    const before = masks.get(name);
    if (!before) continue;
    const after = session.masks.get(name);
    const values = await variable.data();
    const same = before.every((bit, i) => after?.[i] === bit && (bit === 1 || values[i] === 0));
    if (!same || after?.length !== before.length) throw new MasksChangedError(name, seed);
  }
}
