import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import { guardTensors } from '../../src/testing/guard-tensors.js';
import { type ToyModel, toyModel } from '../../src/testing/toy-model.js';
import { disposeOptimizer } from '../../src/tfjs/optimizer/dispose-optimizer.js';
import { PruningSession } from '../../src/tfjs/session/session.js';
import { gradualToy } from '../toys/toy-methods.js';

/** New for every test, and disposed after it. */
export let model: ToyModel;
export let optimizer: tf.Optimizer;

/** Puts another optimizer into the place of Adam, for one test. */
export function replaceOptimizer(other: tf.Optimizer): void {
  disposeOptimizer(optimizer);
  optimizer = other;
}

/** Hooks of the file that calls it: files share a process, and what this one exports is made anew for each test. */
export function useAdamRig(): void {
  beforeAll(() => tf.setBackend('cpu'));
  guardTensors({ beforeEach, afterEach });
  beforeEach(() => {
    model = toyModel();
    optimizer = tf.train.adam(0.01);
  });
  afterEach(() => {
    disposeOptimizer(optimizer);
    model.dispose();
  });
}

/** What a session of its own has come to after so many steps. */
export async function checkpointAfter(steps: number, method = gradualToy() as PruningMethod): Promise<Checkpoint> {
  const fresh = toyModel();
  const adam = tf.train.adam(0.01);
  const session = await PruningSession.start(method, { weights: fresh.weights, optimizer: adam, seed: 3 });
  for (let i = 0; i < steps; i++) await session.step(fresh.loss);
  const checkpoint = await session.checkpoint({ metadata: { note: 'x' } });
  session.dispose();
  disposeOptimizer(adam);
  fresh.dispose();
  return checkpoint;
}

/** A session of this test's model and optimizer that goes on from a checkpoint. */
export const resume = (checkpoint: Checkpoint, method = gradualToy() as PruningMethod): Promise<PruningSession> =>
  PruningSession.resume(method, { weights: model.weights, optimizer }, checkpoint);
