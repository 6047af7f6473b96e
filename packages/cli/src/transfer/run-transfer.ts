import { join } from 'node:path';
import { type Checkpoint, checkpointSparsity } from '@espalier/core';
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
import { type EpochSpeed, measureEpoch } from './epoch-speed.js';
import type { ImageShape } from './image-size.js';
import { watchTransfer } from './show-transfer.js';
import { type NamedNormalisation, taskNormalisation, upstreamNormalisation } from './upstream-normalisation.js';

/** What a transfer needs besides checkpoint and task. */
export interface TransferSettings {
  readonly protocol: 'linear' | 'full';
  readonly runtime: 'tfjs' | 'sparse';
  readonly seeds: readonly number[] | undefined;
  readonly epochs: number;
  readonly allowDense: boolean;
  readonly imageShape: ImageShape;
  readonly directory: string;
  /** Folder of unfinished runs below `directory`, another one for everything that the runs themselves cannot tell apart. */
  readonly runs: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface Transferred {
  readonly result: TransferResult;
  /** Of the prunable weights. */
  readonly sparsity: number;
  readonly normalisation: NamedNormalisation;
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
  const { runtime, imageShape, directory, progress, signal } = settings;
  const normalise = await upstreamNormalisation(checkpoint, task, imageShape[2]);
  const onWarning = ({ message }: { message: string }): void => progress.line(`Warning: ${message}`);
  const cache = fileFeatureCache(join(directory, 'features'), { onWarning });
  const watch = watchTransfer(progress, settings.epochs);
  const options = { ...common(settings), normalise, cache, onEvent: watch.onEvent };
  const { prunable: sparsity } = checkpointSparsity(checkpoint);
  const done = { sparsity, normalisation: normalise };
  if (runtime === 'tfjs') return { ...done, result: await linearProbe(checkpoint, task, options), speed: null };
  const extractor: RuntimeExtractor = await runtimeExtractor(checkpoint);
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
  const normalise = taskNormalisation(task, imageShape[2]);
  const store = fileRunStore(join(directory, 'runs', runs), {
    onWarning: ({ path, error }) => progress.line(`Warning: passed over ${path}. ${error.message}`),
  });
  const { onEvent } = watchTransfer(progress, settings.epochs);
  const onWarning = ({ message }: { message: string }): void => progress.line(`Warning: ${message}`);
  const options = { ...common(settings), normalise, store, allowDense, saveEvery: 1, onEvent, onWarning };
  const { sparsity, ...result } = await fullFinetune(checkpoint, task, options);
  return { result, sparsity, normalisation: normalise, speed: null };
}

function common({ seeds, epochs, signal }: TransferSettings): {
  readonly epochs: number;
  readonly signal: AbortSignal;
  readonly seeds?: readonly number[];
} {
  return { epochs, signal, ...(seeds === undefined ? {} : { seeds }) };
}
