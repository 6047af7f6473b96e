import { join } from 'node:path';
import { type Checkpoint, checkpointSparsity } from '@espalier/core';
import type { Normalization } from '@espalier/datasets';
import {
  fullFinetune,
  linearProbe,
  type RuntimeExtractor,
  runtimeExtractor,
  type TransferResult,
  type TransferTask,
} from '@espalier/transfer';
import { fileFeatureCache, fileRunStore } from '@espalier/transfer/node';
import type { Progress } from '../output/progress.js';
import {
  type ChosenNormalization,
  chooseNormalization,
  dataNormalization,
  guessedNormalization,
} from '../work/normalization.js';
import { checkpointLimits } from '../work/open-checkpoint.js';
import { type EpochSpeed, measureEpoch } from './epoch-speed.js';
import type { ImageShape } from './image-size.js';
import { watchTransfer } from './show-transfer.js';

/** What a transfer needs besides checkpoint and task. */
export interface TransferSettings {
  readonly protocol: 'linear' | 'full';
  readonly runtime: 'tfjs' | 'sparse';
  readonly seeds: readonly number[] | undefined;
  readonly epochs: number;
  readonly allowDense: boolean;
  readonly imageShape: ImageShape;
  /** What `--feature-layer` says. */
  readonly featureLayer: string | undefined;
  /** What `--head` says. */
  readonly head: 'find' | 'none' | undefined;
  /** What `--normalization` says. */
  readonly normalization: string | undefined;
  readonly directory: string;
  /** What `--memory-limit` says. */
  readonly memoryLimit: number | undefined;
  /**
   * Folder of unfinished runs below `directory`, another one for everything that the runs themselves cannot tell apart.
   */
  readonly runs: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface Transferred {
  readonly result: TransferResult;
  /** Of the prunable weights. */
  readonly sparsity: number;
  readonly normalization: ChosenNormalization;
  readonly speed: EpochSpeed | null;
}

/** Transfers a checkpoint by either protocol. */
export function runTransferOf(
  checkpoint: Checkpoint,
  task: TransferTask,
  settings: TransferSettings,
): Promise<Transferred> {
  return (settings.protocol === 'linear' ? linear : full)(checkpoint, task, settings);
}

async function linear(checkpoint: Checkpoint, task: TransferTask, settings: TransferSettings): Promise<Transferred> {
  const { runtime, imageShape, directory, featureLayer, head, progress, signal } = settings;
  const [, , channels] = imageShape;
  const otherwise = guessedNormalization(task, channels);
  const normalize = await chooseNormalization({ option: settings.normalization, checkpoint, channels, otherwise });
  sayNormalization(normalize, progress);
  const onWarning = ({ message }: { message: string }): void => progress.line(`Warning: ${message}`);
  const cache = fileFeatureCache(join(directory, 'features'), { onWarning, maximumBytes: settings.memoryLimit });
  const watch = watchTransfer(progress, settings.epochs);
  const options = { ...common(settings), normalize: plain(normalize), cache, onEvent: watch.onEvent };
  const { prunable: sparsity } = checkpointSparsity(checkpoint);
  const done = { sparsity, normalization: normalize };
  if (runtime === 'tfjs') {
    return { ...done, result: await linearProbe(checkpoint, task, { ...options, featureLayer, head }), speed: null };
  }
  const extractor: RuntimeExtractor = await runtimeExtractor(checkpoint, { featureLayer, head });
  try {
    const result = await linearProbe(extractor, task, options);
    progress.line('Timing the backbone, sparse and dense.');
    const known = { images: task.train.size, classifier: watch.epochSeconds(), signal };
    return { ...done, result, speed: await measureEpoch(extractor, checkpoint, known) };
  } finally {
    await extractor.dispose();
  }
}

async function full(checkpoint: Checkpoint, task: TransferTask, settings: TransferSettings): Promise<Transferred> {
  const { directory, runs, allowDense, imageShape, progress } = settings;
  const [, , channels] = imageShape;
  const otherwise = dataNormalization(task, channels);
  const normalize = await chooseNormalization({ option: settings.normalization, checkpoint, channels, otherwise });
  sayNormalization(normalize, progress);
  const store = fileRunStore(join(directory, 'runs', runs), {
    limits: checkpointLimits(settings.memoryLimit),
    onWarning: ({ path, error }) => progress.line(`Warning: passed over ${path}. ${error.message}`),
  });
  const { onEvent } = watchTransfer(progress, settings.epochs);
  const onWarning = ({ message }: { message: string }): void => progress.line(`Warning: ${message}`);
  const options = {
    ...common(settings),
    normalize: plain(normalize),
    featureLayer: settings.featureLayer,
    head: settings.head,
    store,
    allowDense,
    saveEvery: 1,
    onEvent,
    onWarning,
  };
  const { sparsity, ...result } = await fullFinetune(checkpoint, task, options);
  return { result, sparsity, normalization: normalize, speed: null };
}

const plain = ({ mean, std }: ChosenNormalization): Normalization => ({ mean, std });

function sayNormalization({ of, from, why }: ChosenNormalization, progress: Progress): void {
  progress.line(`${from === 'guess' ? 'Warning: images' : 'Images'} are normalized as ${of}: ${why}.`);
}

function common({ seeds, epochs, signal }: TransferSettings): {
  readonly epochs: number;
  readonly signal: AbortSignal;
  readonly seeds?: readonly number[];
} {
  return { epochs, signal, ...(seeds === undefined ? {} : { seeds }) };
}
