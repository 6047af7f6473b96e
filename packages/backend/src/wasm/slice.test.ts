import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

it('cuts a box out of a matrix', async () => {
  const [box] = await valuesOn('wasm', () =>
    tf.slice(tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]), [1, 0], [2, 2]),
  );
  expect([...box!.values]).toEqual([4, 5, 7, 8]);
});

it('agrees with cpu for any box of any rank', async () => {
  const axis = fc
    .integer({ min: 1, max: 5 })
    .chain(length =>
      fc
        .nat(length - 1)
        .chain(begin => fc.tuple(fc.constant(length), fc.constant(begin), fc.integer({ min: 1, max: length - begin }))),
    );
  await fc.assert(
    fc.asyncProperty(fc.array(axis, { minLength: 1, maxLength: 6 }), axes =>
      expectSameAsCpu(() => {
        const x = noiseTensor(
          axes.map(([length]) => length),
          1,
        );
        return tf.slice(
          x,
          axes.map(([, begin]) => begin),
          axes.map(([, , size]) => size),
        );
      }),
    ),
    { numRuns: 150 },
  );
});

it('gives the gradient of a padding', async () => {
  await expectSameAsCpu(() =>
    tf.grad(x =>
      tf.pad(x as tf.Tensor4D, [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
    )(noiseTensor([2, 3, 4, 5], 1), noiseTensor([2, 6, 5, 5], 2)),
  );
});

it('refuses a box that reaches outside', async () => {
  await tf.setBackend('wasm');
  const tensors = tf.memory().numTensors;
  expect(() => tf.tidy(() => tf.slice(tf.tensor1d([1, 2, 3]), [2], [2]))).toThrow();
  expect(tf.memory().numTensors).toBe(tensors);
});
