import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import { guardTensors } from '../../src/testing/guard-tensors.js';
import { maskOf } from '../../src/testing/mask-of.js';
import { disposeOptimizer } from '../../src/tfjs/optimizer/dispose-optimizer.js';
import { PruningSession } from '../../src/tfjs/session/session.js';
import type { SessionOptions } from '../../src/tfjs/session/session-options.js';
import { weightsOf } from '../../src/tfjs/weights/weights-of.js';

/** w is 2x2 and prunable, b has 2 entries. The gradient of the loss is the constant g for w, and 1 for b. */
export let w: tf.Variable;
export let b: tf.Variable;
export let g: tf.Tensor;
export let optimizer: tf.Optimizer;
export const loss = (): tf.Scalar => tf.add(tf.sum(tf.mul(w, g)), tf.sum(b));

/** Other gradients, or another optimizer, for one test. */
export function replace(other: { readonly g?: tf.Tensor; readonly optimizer?: tf.Optimizer }): void {
  g = other.g ?? g;
  optimizer = other.optimizer ?? optimizer;
}

/** Hooks of the file that calls it: files share a process, and what this one exports is made anew for each test. */
export function useRig(): void {
  beforeAll(() => tf.setBackend('cpu'));
  guardTensors({ beforeEach, afterEach });
  beforeEach(() => {
    w = tf.tidy(() => tf.variable(tf.tensor2d([1, 2, 3, 4], [2, 2])));
    b = tf.tidy(() => tf.variable(tf.tensor1d([5, 6])));
    g = tf.tensor2d([1, 2, 4, 8], [2, 2]);
    optimizer = tf.train.sgd(1);
  });
  afterEach(() => {
    disposeOptimizer(optimizer);
    tf.dispose([w, b, g]);
  });
}

/** A method that does what the test says. */
export function scripted(script: Partial<PruningMethod>): PruningMethod {
  return {
    specification: 'v1',
    name: 'scripted',
    citation: 'none',
    options: {},
    start: () => ({ state: null }),
    plan: () => ({}),
    decide: () => ({ state: null }),
    ...script,
  };
}

export async function withSession(
  method: PruningMethod,
  options: Partial<SessionOptions>,
  body: (session: PruningSession) => Promise<void> | void,
): Promise<void> {
  const session = await PruningSession.start(method, { weights: weightsOf({ w, b }), optimizer, ...options });
  try {
    await body(session);
  } finally {
    session.dispose();
  }
}

export const values = async (variable: tf.Variable): Promise<number[]> => Array.from(await variable.data());
export const masks = (bits: string): ReadonlyMap<string, Uint8Array> => new Map([['w', maskOf(bits)]]);
export const observeAt = (position: number, kind: 'clock' | 'weights' | 'gradients'): PruningMethod['plan'] => {
  return clock => (clock.position === position ? { observe: { kind } } : {});
};
