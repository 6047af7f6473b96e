import { guardTensors } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  divergedTensor,
  expectSameAsCpu,
  expectSameSpecialValues,
  noiseTensor,
  startBackends,
  valuesOn,
} from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);
guardTensors({ beforeEach, afterEach });

/** Parameters of a normalization, each with one number for each channel. */
function parametersOf(channels: number): {
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
  scale: tf.Tensor1D;
  offset: tf.Tensor1D;
} {
  const vector = (seed: number): tf.Tensor1D => noiseTensor([channels], seed) as tf.Tensor1D;
  return { mean: vector(1), variance: tf.abs(vector(2)), scale: vector(3), offset: vector(4) };
}

const shapes = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  fc.tuple(fc.integer({ min: 30, max: 70 })),
);
const channelCounts = fc.integer({ min: 1, max: 19 });

it('normalizes two rows as the definition does', async () => {
  // (1 - 1) * 10 / sqrt(1 + 3) + 2 = 2 and (5 - 1) * 10 / 2 + 2 = 22.
  const [y] = await valuesOn('wasm', () =>
    tf.batchNorm2d(
      tf.tensor2d([1, 5], [2, 1]),
      tf.tensor1d([1]),
      tf.tensor1d([1]),
      tf.tensor1d([2]),
      tf.tensor1d([10]),
      3,
    ),
  );
  expect([...y!.values]).toEqual([2, 22]);
});

it.each([
  ['all parameters', true, true],
  ['no scale', false, true],
  ['no offset', true, false],
  ['neither', false, false],
])('agrees with cpu with %s', async (_, scaled, moved) => {
  await fc.assert(
    fc.asyncProperty(shapes, channelCounts, (sides, channels) =>
      expectSameAsCpu(() => {
        const { mean, variance, scale, offset } = parametersOf(channels);
        const x = noiseTensor([...sides, channels], 5);
        return tf.batchNorm(x, mean, variance, moved ? offset : undefined, scaled ? scale : undefined, 0.01);
      }),
    ),
    { numRuns: 20 },
  );
});

it('agrees with cpu in the gradients of data, scale, offset and statistics', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, channelCounts, (sides, channels) =>
      expectSameAsCpu(() => {
        const { mean, variance, scale, offset } = parametersOf(channels);
        const normalize = (...[x, m, v, o, s]: tf.Tensor[]): tf.Tensor =>
          tf.batchNorm(x!, m as tf.Tensor1D, v as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D, 0.1);
        const inputs = [noiseTensor([...sides, channels], 5), mean, variance, offset, scale];
        return tf.grads(normalize)(inputs, noiseTensor([...sides, channels], 6));
      }, 1e-4),
    ),
    { numRuns: 30 },
  );
});

it('keeps NaN and infinities where cpu has them', async () => {
  await expectSameSpecialValues(() => {
    const { mean, variance, scale, offset } = parametersOf(11);
    return tf.batchNorm(divergedTensor([9, 11], 1), mean, variance, offset, scale, 0.01);
  });
});

it('leaves one number for all channels, and parameters for each value, to TensorFlow.js', async () => {
  await expectSameAsCpu(() => {
    const one = (value: number): tf.Tensor4D => tf.tensor4d([value], [1, 1, 1, 1]);
    const each = (seed: number): tf.Tensor4D => noiseTensor([2, 3, 3, 4], seed) as tf.Tensor4D;
    const x = each(1);
    return [
      tf.batchNorm4d(x, one(0.5), one(2), one(1), one(3), 0.1),
      tf.batchNorm4d(x, each(2), tf.abs(each(3)) as tf.Tensor4D, each(4), each(5), 0.1),
    ];
  });
});
