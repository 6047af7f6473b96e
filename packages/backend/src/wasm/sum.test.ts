import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

it('agrees with cpu over any axes, with and without keeping them', async () => {
  const cases = fc.record({
    shape: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
    axes: fc.uniqueArray(fc.nat(3), { maxLength: 4 }),
    keep: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(cases, ({ shape, axes, keep }) =>
      expectSameAsCpu(() =>
        tf.sum(
          tf.add(noiseTensor(shape, 1), 1),
          axes.filter(axis => axis < shape.length),
          keep,
        ),
      ),
    ),
    { numRuns: 80 },
  );
});

it('loses no digits over a hundred thousand rows', async () => {
  // 100,000 rows of [1, 0.1]: adding them one by one in float32 gives 9998.5566 in the second column.
  const [sum] = await valuesOn('wasm', () => tf.sum(tf.tile(tf.tensor2d([1, 0.1], [1, 2]), [100_000, 1]), 0));
  expect(sum!.values[0]).toBe(100_000);
  expect(Math.abs(sum!.values[1]! - 10_000)).toBeLessThan(0.1);
});
