import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { test } from 'vitest';
import { divergedTensor, expectSameAsCpu, expectSameSpecialValues, noiseTensor } from './wasm-against-cpu.js';

/** A function of single values, such as an activation. */
export type Bend = (x: tf.Tensor) => tf.Tensor;

/** Value and gradient, computed anew at each call. */
export const both =
  (bend: Bend, x: () => tf.Tensor, make: typeof noiseTensor = noiseTensor): (() => tf.Tensor[]) =>
  () => {
    const input = x();
    return [bend(input), tf.grad(bend)(input, make(input.shape, 3))];
  };

/** Compares values and gradients of functions on WASM with those on `cpu`. */
export function testBends(bends: readonly [name: string, bend: Bend][]): void {
  test.each(bends)('%s and its gradient agree with cpu for any length', async (_, bend) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), length =>
        expectSameAsCpu(both(bend, () => tf.mul(noiseTensor([length], 1), 8))),
      ),
      { numRuns: 20 },
    );
  });

  test.each(bends)(
    '%s and its gradient are on cpu and wasm the same at limits, NaN and infinities',
    async (_, bend) => {
      for (const length of [1, 3, 4, 7, 64, 203]) {
        await expectSameSpecialValues(both(bend, () => divergedTensor([length], length), divergedTensor));
      }
    },
  );
}
