import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

const cases = fc.record({
  size: fc.tuple(fc.integer({ min: 4, max: 9 }), fc.integer({ min: 4, max: 9 })),
  channels: fc.integer({ min: 1, max: 9 }),
  filter: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pad: fc.constantFrom('same' as const, 'valid' as const),
});

it.each([
  { name: 'max', pool: tf.maxPool },
  { name: 'average', pool: tf.avgPool },
])('gives the gradient of $name pooling as cpu does', async ({ pool }) => {
  await fc.assert(
    fc.asyncProperty(cases, ({ size, channels, filter, strides, pad }) =>
      expectSameAsCpu(() => {
        const x = noiseTensor([2, ...size, channels], 1) as tf.Tensor4D;
        const f = (a: tf.Tensor): tf.Tensor => pool(a as tf.Tensor4D, [...filter], [...strides], pad);
        return tf.grad(f)(x, noiseTensor(f(x).shape, 2));
      }),
    ),
    { numRuns: 50 },
  );
});

it('gives the gradient of a tie to the first of the equal values', async () => {
  const [dx] = await valuesOn('wasm', () =>
    tf.grad(x => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'))(
      tf.ones([1, 2, 2, 5]),
      tf.tensor4d([1, 2, 3, 4, 5], [1, 1, 1, 5]),
    ),
  );
  expect([...dx!.values]).toEqual([1, 2, 3, 4, 5, ...new Array(15).fill(0)]);
});
