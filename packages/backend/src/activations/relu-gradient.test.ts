import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

it('lets the gradient through where the input is positive, not at zero', async () => {
  const [dx] = await valuesOn('wasm', () =>
    tf.grad(tf.relu)(tf.tensor1d([-1, -0, 0, 1e-30, 2]), tf.tensor1d([1, 2, 3, 4, 5])),
  );
  expect([...dx!.values]).toEqual([0, 0, 0, 4, 5]);
});

it('agrees with cpu for any length', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), length =>
      expectSameAsCpu(() => tf.grad(tf.relu)(noiseTensor([length], 1), noiseTensor([length], 2))),
    ),
    { numRuns: 40 },
  );
});
