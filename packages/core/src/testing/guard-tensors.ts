import * as tf from '@tensorflow/tfjs-core';
import { rules } from '../options/rules.js';

/** `beforeEach` and `afterEach` of a test runner, in the shape that vitest has. */
export interface TestHooks {
  /** Runs something before each test of the file. */
  readonly beforeEach: (run: () => void) => void;
  /** Runs something after each test of the file; what it throws fails the test. */
  readonly afterEach: (run: () => void) => void;
}

const disposers: (() => void)[] = [];

/**
 * Disposes something after the test that is running, what came last first. Takes effect in files that call
 * {@link guardTensors}.
 *
 * @param thing - A model, a session, a tensor: whatever has `dispose`.
 * @returns The same thing.
 *
 * @example
 * ```ts
 * import { afterwards, toyModel } from '@espalier/core/testing';
 *
 * const { weights } = afterwards(toyModel(1));
 * ```
 */
export function afterwards<Thing extends { dispose(): unknown }>(thing: Thing): Thing {
  rules.having('something with dispose()', 'dispose')('thing', thing as never);
  disposers.push(() => void thing.dispose());
  return thing;
}

/**
 * Fails every test of a file that leaves more or fewer tensors behind than it found, after disposing what was given to
 * {@link afterwards}. Call it before the file's other hooks, so that it counts around them.
 *
 * @param hooks - `beforeEach` and `afterEach`, e.g. from vitest.
 *
 * @example The head of a test file.
 * ```ts
 * import { guardTensors } from '@espalier/core/testing';
 * import { afterEach, beforeEach } from 'vitest';
 *
 * guardTensors({ beforeEach, afterEach });
 * ```
 */
export function guardTensors(hooks: TestHooks): void {
  rules.function('hooks.beforeEach', hooks?.beforeEach as never);
  rules.function('hooks.afterEach', hooks?.afterEach as never);
  let before: number;
  hooks.beforeEach(() => {
    before = tf.memory().numTensors;
  });
  hooks.afterEach(() => {
    for (const dispose of disposers.splice(0).reverse()) dispose();
    const { numTensors } = tf.memory();
    if (numTensors !== before) throw new Error(`The test began with ${before} tensors and left ${numTensors}.`);
  });
}
