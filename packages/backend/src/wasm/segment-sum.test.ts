import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

it('sums the rows that share an id and drops ids that are out of range', async () => {
  // rows [1, 2], [3, 4], [5, 6], [7, 8], [9, 10] with ids 0, 2, 0, -1, 3 in three segments:
  // segment 0 = [1 + 5, 2 + 6], segment 1 = nothing, segment 2 = [3, 4]; ids -1 and 3 name no segment.
  const run = (): tf.Tensor =>
    tf.unsortedSegmentSum(
      tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [5, 2]),
      tf.tensor1d([0, 2, 0, -1, 3], 'int32'),
      3,
    );
  const [sum] = await valuesOn('wasm', run);
  expect([...sum!.values]).toEqual([6, 8, 0, 0, 3, 4]);
  await expectSameAsCpu(run);
});

it('keeps int32 exact beyond 2^24, where float32 would round', async () => {
  await tf.setBackend('wasm');
  const tensors = tf.memory().numTensors;
  const sum = tf.tidy(() =>
    tf.unsortedSegmentSum(tf.tensor1d([16777216, 1], 'int32'), tf.tensor1d([0, 0], 'int32'), 1),
  );
  expect([...(await sum.data())]).toEqual([16777217]);
  expect(sum.dtype).toBe('int32');
  sum.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

it('agrees with cpu for random rows and ids', async () => {
  const cases = fc.record({
    ids: fc.array(fc.integer({ min: -1, max: 5 }), { minLength: 1, maxLength: 12 }),
    width: fc.integer({ min: 1, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, ({ ids, width }) =>
      expectSameAsCpu(() =>
        tf.unsortedSegmentSum(noiseTensor([ids.length, width], 1) as tf.Tensor2D, tf.tensor1d(ids, 'int32'), 5),
      ),
    ),
    { numRuns: 40 },
  );
});

it('gives the gradient of a gather, as an embedding layer needs it', async () => {
  await expectSameAsCpu(() => {
    const ids = tf.tensor1d([2, 0, 2, 1], 'int32');
    return tf.grad(table => tf.gather(table, ids))(noiseTensor([4, 3], 1), noiseTensor([4, 3], 2));
  });
});
