import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect } from 'vitest';

const disposers: (() => void)[] = [];

/** Disposes something after the test, what came last first. */
export function afterwards<Thing extends { dispose(): unknown }>(thing: Thing): Thing {
  disposers.push(() => void thing.dispose());
  return thing;
}

/** Fails a test that leaves tensors behind. Called before a file's other hooks, so that it counts around them. */
export function guardTensors(): void {
  let before: number;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    for (const dispose of disposers.splice(0).reverse()) dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
}
