import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it, test } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

it('multiplies two small matrices', async () => {
  // rows [1, 2], [3, 4], [5, 6], [7, 8] times columns [1, 10], [100, 1000]: 1*1 + 2*100 = 201, 1*10 + 2*1000 = 2010, …
  const a = [1, 2, 3, 4, 5, 6, 7, 8];
  const [c] = await valuesOn('wasm', () => tf.matMul(tf.tensor2d(a, [4, 2]), tf.tensor2d([1, 10, 100, 1000], [2, 2])));
  expect([...c!.values]).toEqual([201, 2010, 403, 4030, 605, 6050, 807, 8070]);
});

const size = fc.integer({ min: 1, max: 50 });

it('agrees with cpu for random shapes, whichever operand is transposed', async () => {
  const cases = fc.record({
    rows: size,
    inner: size,
    columns: size,
    batch: fc.integer({ min: 1, max: 3 }),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(cases, ({ rows, inner, columns, batch, transposeA, transposeB }) =>
      expectSameAsCpu(() => {
        const a = noiseTensor(transposeA ? [batch, inner, rows] : [batch, rows, inner], 1);
        const b = noiseTensor(transposeB ? [batch, columns, inner] : [batch, inner, columns], 2);
        return tf.matMul(a, b, transposeA, transposeB);
      }),
    ),
    { numRuns: 80 },
  );
});

test.each([
  { rows: 512, inner: 17, columns: 24, why: 'rows that would share one set of the cache' },
  { rows: 40, inner: 260, columns: 256, why: 'rows of a kilobyte and positions in several runs' },
  { rows: 64, inner: 300, columns: 10, why: 'columns that fill no vector' },
])('gives the gradients of a dense layer with $why', async ({ rows, inner, columns }) => {
  await expectSameAsCpu(() => {
    const f = (x: tf.Tensor, w: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
      tf.fused.matMul({ a: x as tf.Tensor2D, b: w as tf.Tensor2D, bias });
    return tf.grads(f)([noiseTensor([inner, rows], 1), noiseTensor([rows, columns], 2), noiseTensor([columns], 3)]);
  });
});

test.each(['linear', 'relu', 'sigmoid'] as const)(
  'a fused product with bias and %s agrees with cpu',
  async activation => {
    await expectSameAsCpu(() =>
      tf.fused.matMul({
        a: noiseTensor([9, 5], 1) as tf.Tensor2D,
        b: noiseTensor([5, 11], 2) as tf.Tensor2D,
        bias: noiseTensor([11], 3),
        activation,
      }),
    );
  },
);

it('broadcasts over batches as TensorFlow.js does', async () => {
  await expectSameAsCpu(() => tf.matMul(noiseTensor([1, 5, 4], 1), noiseTensor([3, 4, 6], 2)));
});
