import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '@espalier/core';
import { type DirectoryLock, lockDirectory, makeDirectory, writeFileAtomic } from '@espalier/core/node';
import { toModel } from '@espalier/core/tfjs';
import type { TaskSplit } from '@espalier/datasets/node';
import { tfjsExtractor } from '@espalier/transfer';
import { type DataRequest, dataRequest, requireNoImageOptions } from '../data/data-request.js';
import { UsageError } from '../errors.js';
import { featurePlace } from '../network/feature-place.js';
import { openGiven } from '../network/network-request.js';
import { bytes } from '../options/bytes.js';
import { imageSize } from '../options/image-size.js';
import { type ParsedOptions, text, whole, wholes } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { createProgress } from '../output/progress.js';
import { formatTransfer } from '../transfer/format-transfer.js';
import { imageShapeOf, withImageSize } from '../transfer/image-size.js';
import { openOwnTask } from '../transfer/own-task.js';
import { runTransferOf, type TransferSettings } from '../transfer/run-transfer.js';
import { loadTransferTask, splitNames, transferTaskNames } from '../transfer/transfer-task.js';
import { chooseBackend } from '../work/backend.js';
import { listenForInterrupt } from '../work/interrupt.js';
import { requireWritable } from '../work/require-writable.js';

/** Runs `transfer`. */
export async function runTransfer(given: ParsedOptions): Promise<Outcome> {
  const { task: named, request, split, size, directory, ...rest } = optionsOf(given);
  const progress = createProgress();
  const interrupt = listenForInterrupt(() => progress.line('Stopping. Once more to stop at once.'));
  const { signal } = interrupt;
  const started = performance.now();
  let lock: DirectoryLock | undefined;
  try {
    await requireWritable(directory);
    const maximumMemory = bytes(given, 'memory-limit');
    const { path, checkpoint: stored } = await openGiven(given, line => progress.line(line));
    const backend = await chooseBackend(text(given, 'backend'));
    const checkpoint = size === undefined ? stored : await withImageSize(stored, size);
    const imageShape = imageShapeOf(checkpoint);
    const layer = rest.featureLayer === undefined ? [] : [encodeURIComponent(rest.featureLayer)];
    if (rest.head === 'none') layer.push('headless');
    const own =
      request.path === undefined ? undefined : await openOwnTask(request, { progress, signal, maximumMemory });
    const name = own?.name ?? String(named);
    const part = [name, split, imageShape.join('x'), rest.protocol, ...layer].join('-');
    const file = join(directory, `${part}.json`);
    lock = await lockDirectory(directory, { of: part });
    await requireNoOther(file, path);
    if (rest.runtime === 'tfjs') await requireClassifier(checkpoint, rest);
    const task = own ?? (await loadTransferTask(name, split, { progress, signal, maximumMemory }));
    const settings = { ...rest, imageShape, directory, memoryLimit: maximumMemory, runs: part, progress, signal };
    const { result, ...facts } = await runTransferOf(checkpoint, task, settings);
    const seconds = (performance.now() - started) / 1000;
    const { runtime, epochs } = rest;
    const json = {
      command: 'transfer',
      checkpoint: path,
      split,
      imageShape,
      runtime,
      epochs,
      ...result,
      ...facts,
      seconds,
      backend,
      directory,
    };
    await makeDirectory(directory);
    await writeFileAtomic(file, new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`));
    return {
      json,
      lines: [...formatTransfer({ result, ...facts }), `All of it, epoch by epoch: ${file}`],
      exitCode: 0,
    };
  } catch (error) {
    const exitCode = interrupt.exitCode();
    if (exitCode === 0 || !(error instanceof Error) || error.name !== 'AbortError') throw error;
    const message = `Stopped. The same command goes on with what is kept in ${directory}.`;
    return { json: { command: 'transfer', reason: 'aborted', directory }, lines: [message], exitCode };
  } finally {
    await lock?.release();
    progress.stop();
    interrupt.release();
  }
}

/** Refuses a network of which nobody can tell where its features are, before the task is read or downloaded. */
async function requireClassifier(
  checkpoint: Checkpoint,
  { featureLayer, head }: Pick<TransferSettings, 'featureLayer' | 'head'>,
): Promise<void> {
  const model = await toModel(checkpoint);
  try {
    tfjsExtractor(model, { featureLayer, head });
  } finally {
    model.dispose();
  }
}

/** Refuses to write over the result of another checkpoint. */
async function requireNoOther(file: string, checkpoint: string): Promise<void> {
  const written: unknown = await readResult(file).catch(() => null);
  if (typeof written !== 'object' || written === null || !('checkpoint' in written)) return;
  const other = written.checkpoint;
  if (other === checkpoint) return;
  throw new UsageError(`${file} holds the result of ${other}. Choose another directory with --out.`);
}

/** A result has a line for each epoch; what is far larger is none. */
async function readResult(file: string): Promise<unknown> {
  return (await stat(file)).size > 2 ** 26 ? null : JSON.parse(await readFile(file, 'utf8'));
}

function optionsOf(given: ParsedOptions) {
  const task = text(given, 'task', transferTaskNames);
  // The size of images is that of the network here.
  const request: DataRequest = { ...dataRequest(given), size: undefined };
  const protocol = text(given, 'protocol', ['linear', 'full']) as 'linear' | 'full' | undefined;
  if (task !== undefined && request.path !== undefined) throw new UsageError('Give --task or --data, not both.');
  if (request.path === undefined) requireNoImageOptions(request);
  if (task === undefined && request.path === undefined) {
    throw new UsageError(
      `Name a task with --task: ${transferTaskNames.join(', ')}. Or name images of your own with --data.`,
    );
  }
  if (protocol === undefined) throw new UsageError('Choose with --protocol: linear or full.');
  const runtime = (text(given, 'runtime', ['tfjs', 'sparse']) ?? 'tfjs') as 'tfjs' | 'sparse';
  if (runtime === 'sparse' && protocol === 'full') {
    throw new UsageError('--runtime sparse extracts features, so it is for --protocol linear alone.');
  }
  return {
    task,
    request,
    protocol,
    runtime,
    allowDense: given['allow-dense'] === true,
    split: (text(given, 'split', splitNames) ?? 'official') as TaskSplit,
    seeds: wholes(given, 'seeds', 0),
    epochs: whole(given, 'epochs', 1) ?? 150,
    normalization: text(given, 'normalization'),
    size: imageSize(given),
    ...featurePlace(given),
    directory: text(given, 'out') ?? join('runs', 'transfer'),
  };
}
