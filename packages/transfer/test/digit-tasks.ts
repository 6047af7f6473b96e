import '@tensorflow/tfjs-backend-wasm';
import { type Checkpoint, fixed, type PruningMethod } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, type Dataset, digitsNormalization, embeddedDigits, toTensors } from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import { magnitude } from '@espalier/prune-magnitude';
import { train } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { TransferTask } from '../src/index.js';

/** Examples of some digits, at most so many, with labels 0, 1, 2, … in the order of the digits. */
function someDigits(dataset: Dataset, digits: readonly number[], count: number): Dataset {
  const chosen: number[] = [];
  for (let index = 0; index < dataset.size && chosen.length < count; index++) {
    if (digits.includes(dataset.label(index))) chosen.push(index);
  }
  return {
    name: `${dataset.name}/${digits.join('')}`,
    classes: digits.map(String),
    size: chosen.length,
    shape: dataset.shape,
    copyImage: (index, target, offset) => dataset.copyImage(chosen[index]!, target, offset),
    label: index => digits.indexOf(dataset.label(chosen[index]!)),
  };
}

/** Real handwritten digits: some of them as a task of their own. */
export async function digitTask(digits: readonly number[], trainSize: number, testSize: number): Promise<TransferTask> {
  const { train: training, test } = await embeddedDigits();
  return {
    name: `digits-${digits.join('')}`,
    metric: 'top-1',
    train: someDigits(training, digits, trainSize),
    test: someDigits(test, digits, testSize),
    normalization: digitsNormalization,
  };
}

let upstream: Promise<Checkpoint> | undefined;

/** LeNet-300-100 that was trained on the digits 0 to 4 for 60 steps and pruned to 80 % on the way. */
export function prunedUpstream(): Promise<Checkpoint> {
  upstream ??= upstreamOf(magnitude({ sparsity: 0.8, cadence: { start: 10, end: 50, every: 10 } }), 60);
  return upstream;
}

/** The same network, trained for a moment and not pruned. */
export const denseUpstream = (): Promise<Checkpoint> => upstreamOf(fixed(), 2);

/** The same network after so many steps of a method. */
export async function upstreamOf(method: PruningMethod<null>, steps: number): Promise<Checkpoint> {
  await tf.setBackend('wasm');
  const task = await digitTask([0, 1, 2, 3, 4], 1000, 10);
  const model = lenet300({ classes: 5, seed: 1 });
  const optimizer = tf.train.momentum(0.05, 0.9);
  const session = await PruningSession.start(method, { weights: modelWeights(model), optimizer });
  const options = { batchSize: 32, normalize: task.normalization };
  await train({
    session,
    model,
    steps,
    batches: position => toTensors(batchAt(task.train as Dataset, { ...options, position })),
  });
  const checkpoint = await session.checkpoint({ model });
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  return checkpoint;
}
