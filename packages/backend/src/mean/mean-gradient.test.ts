import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import {
  expectSameAsCpu,
  expectSameSpecialValues,
  noiseTensor,
  startBackends,
  valuesOn,
} from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

const reductions = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }).chain(shape =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.subarray(
      shape.map((_, i) => i),
      { minLength: 1 },
    ),
    negative: fc.boolean(),
    keepDims: fc.boolean(),
  }),
);

it('gives means and sums and their gradients as cpu does, over any axes', async () => {
  await fc.assert(
    fc.asyncProperty(reductions, ({ shape, axes, negative, keepDims }) => {
      const axis = axes.map(one => (negative ? one - shape.length : one));
      return expectSameAsCpu(() =>
        [tf.mean, tf.sum].flatMap(reduce => {
          const reduced = (x: tf.Tensor): tf.Tensor => reduce(x, axis, keepDims);
          const x = noiseTensor(shape, 1);
          const y = reduced(x);
          return [y, tf.grad(reduced)(x, noiseTensor(y.shape, 2))];
        }),
      );
    }),
    { numRuns: 80 },
  );
});

it('pools images of many channels globally as cpu does', async () => {
  const pool = (x: tf.Tensor): tf.Tensor => tf.mean(x, [1, 2]);
  await expectSameAsCpu(() => {
    const x = noiseTensor([3, 7, 5, 37], 1);
    return [pool(x), tf.grad(pool)(x, noiseTensor([3, 37], 2))];
  });
});

it('keeps NaN and infinities in their channels', async () => {
  const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  await expectSameSpecialValues(() => {
    const x = tf.tensor(
      Float32Array.from({ length: 2 * 30 * 9 }, (_, i) => specials[i / 31] ?? (i % 7) - 3),
      [2, 5, 6, 9],
    );
    const dy = tf.tensor(
      Float32Array.from({ length: 18 }, (_, i) => specials[i / 4] ?? i),
      [2, 9],
    );
    return [tf.mean(x, [1, 2]), tf.sum(x, [1, 2], true), tf.grad(y => tf.mean(y, [1, 2]))(x, dy)];
  });
});

it('divides each gradient by how many numbers were averaged, and again in the second gradient', async () => {
  const [first, second] = await valuesOn('wasm', () => {
    const pool = (x: tf.Tensor): tf.Tensor => tf.mean(x, [1]);
    const x = tf.tensor([1, 3, 5, 7], [1, 4, 1]);
    return [
      tf.grad(pool)(x, tf.tensor([[8]])),
      // The mean is 4: d/dx of mean^2 is 2 * 4 / 4, and the sum of those 8 / 4 * 4 has the slope 2 / 4 at each x.
      tf.grad(y => tf.sum(tf.grad(z => tf.sum(tf.square(pool(z))))(y)))(x),
    ];
  });
  expect([...first!.values]).toEqual([2, 2, 2, 2]);
  expect([...second!.values]).toEqual([0.5, 0.5, 0.5, 0.5]);
});
