import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { InvalidOptionError } from '../errors/option-errors.js';
import { afterwards, guardTensors } from './guard-tensors.js';

beforeAll(() => tf.setBackend('cpu'));

/** The hooks of a file with one test, which `run` is. */
function guarded(run: () => void): void {
  const hooks: (() => void)[] = [];
  guardTensors({ beforeEach: hook => hooks.push(hook), afterEach: hook => hooks.push(hook) });
  hooks[0]?.();
  run();
  hooks[1]?.();
}

it('fails a test that leaves a tensor, and one that takes one away', () => {
  const left: tf.Tensor[] = [];
  const before = tf.memory().numTensors;
  expect(() => guarded(() => void left.push(tf.scalar(1)))).toThrow(`${before} tensors and left ${before + 1}`);
  expect(() => guarded(() => void left.pop()?.dispose())).toThrow(`left ${before}`);
  expect(tf.memory().numTensors).toBe(before);
});

it('disposes what was given to afterwards, the last first, before it counts', () => {
  const order: string[] = [];
  guarded(() => {
    const tensor = afterwards(tf.scalar(1));
    expect(tensor.isDisposed).toBe(false);
    afterwards({ dispose: () => order.push(tensor.isDisposed ? 'after' : 'before') });
  });
  expect(order).toEqual(['before']);
});

it('refuses hooks and things that are none', () => {
  expect(() => guardTensors({} as never)).toThrow(InvalidOptionError);
  expect(() => afterwards({} as never)).toThrow(InvalidOptionError);
});
