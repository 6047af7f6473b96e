import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

it('cuts tensors, and gives back the gradients of joined ones, as cpu does', async () => {
  const choices = fc.record({
    shape: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    axis: fc.nat(3),
    parts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
    dtype: fc.constantFrom('float32' as const, 'int32' as const),
  });
  await fc.assert(
    fc.asyncProperty(choices, async ({ shape, axis: any, parts, dtype }) => {
      const axis = any % shape.length;
      const sizes = parts.map(part => shape.map((size, i) => (i === axis ? part : size)));
      await expectSameAsCpu(() => {
        const pieces = sizes.map((size, i) => noiseTensor(size, i + 1));
        const whole = tf.concat(pieces, axis);
        const join = (...tensors: tf.Tensor[]): tf.Tensor => tf.concat(tensors, axis);
        const cut = tf.split(tf.cast(tf.mul(whole, 100), dtype), parts, axis - shape.length);
        return [...cut.map(piece => tf.cast(piece, 'float32')), ...tf.grads(join)(pieces, tf.mul(whole, 3))];
      });
    }),
    { numRuns: 40 },
  );
});

it('cuts into equal parts, or leaves one size to be found', async () => {
  const values = await valuesOn('wasm', () => [
    ...tf.split(tf.tensor1d([1, 2, 3, 4]), 2),
    ...tf.split(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), [1, -1], 1),
  ]);
  expect(values.map(part => [...part.values])).toEqual([
    [1, 2],
    [3, 4],
    [1, 4],
    [2, 3, 5, 6],
  ]);
});
