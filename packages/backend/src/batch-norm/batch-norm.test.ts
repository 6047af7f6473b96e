import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { largestError, noise, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';
import { normalizeBatch } from './normalize-batch.js';

beforeAll(startBackends);

interface Layer {
  readonly shape: readonly number[];
  readonly center: number;
}

/** Output, gradients for x, gamma and beta, and the updated moving averages of one training step of a layer. */
function trainLayer({ shape, center }: Layer): tf.Tensor[] {
  const channels = shape.at(-1)!;
  const weights = [
    noiseTensor([channels], 1),
    noiseTensor([channels], 2),
    noiseTensor([channels], 3),
    tf.ones([channels]),
  ];
  const layer = tfl.layers.batchNormalization({ epsilon: 1e-3, momentum: 0.9, weights });
  const x = tf.add(noiseTensor([...shape], 4), center);
  const call = (input: tf.Tensor): tf.Tensor => layer.apply(input, { training: true }) as tf.Tensor;
  const y = call(x);
  const [, , mean, variance] = layer.getWeights().map(weight => tf.clone(weight));
  const variables = layer.trainableWeights.map(weight => weight.read() as tf.Variable);
  const dy = noiseTensor([...shape], 5);
  const dx = tf.grad(call)(x, dy);
  const { grads } = tf.variableGrads(() => tf.sum(tf.mul(dy, call(x))) as tf.Scalar, variables);
  const results = [y, mean!, variance!, dx, ...variables.map(({ name }) => grads[name]!)];
  layer.dispose();
  return results;
}

/** The error that rounding alone explains grows with the distance of the data from zero. */
async function expectSameAsUnfused(layer: Layer): Promise<void> {
  const [unfused, fused] = [
    await valuesOn('cpu', () => trainLayer(layer)),
    await valuesOn('wasm', () => trainLayer(layer)),
  ];
  expect(fused.map(({ shape }) => shape)).toEqual(unfused.map(({ shape }) => shape));
  for (const [i, { values }] of fused.entries()) {
    expect(largestError(values, unfused[i]!.values)).toBeLessThanOrEqual(1e-4);
  }
}

it('normalizes two rows as the definition does', async () => {
  // column [1, 3]: mean 2, variance 1, and with epsilon 3 the deviation -1, 1 is divided by sqrt(1 + 3) = 2.
  // y = 10 * [-0.5, 0.5] + 1 = [-4, 6]
  const statistics: number[][] = [];
  const [y] = await valuesOn('wasm', () =>
    normalizeBatch(tf.tensor2d([1, 3], [2, 1]), tf.tensor1d([10]), tf.tensor1d([1]), 3, ({ mean, variance }) => {
      statistics.push([...mean.dataSync()], [...variance.dataSync()]);
    }),
  );
  expect([...y!.values]).toEqual([-4, 6]);
  expect(statistics).toEqual([[2], [1]]);
});

it('agrees with tfjs-layers on cpu in outputs, gradients and moving averages', async () => {
  const layers = fc.record({
    shape: fc.oneof(
      fc.tuple(
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 19 }),
      ),
      fc.tuple(fc.integer({ min: 8, max: 40 }), fc.integer({ min: 1, max: 19 })),
    ),
    center: fc.constantFrom(0, 0.5, -3),
  });
  await fc.assert(fc.asyncProperty(layers, expectSameAsUnfused), { numRuns: 50 });
});

it('spans many bands of rows', async () => {
  await expectSameAsUnfused({ shape: [3, 30, 30, 16], center: 1 });
});

it('finds the variance of data far from zero, where the mean of squares would cancel', async () => {
  const rows = noise(4096, 7);
  const exact = rows.map(value => Math.fround(value + 1000));
  const mean = exact.reduce((total, value) => total + value, 0) / exact.length;
  const expected = exact.reduce((total, value) => total + (value - mean) ** 2, 0) / exact.length;
  let found = 0;
  await valuesOn('wasm', () =>
    normalizeBatch(tf.tensor2d(exact, [4096, 1]), tf.ones([1]), tf.zeros([1]), 0, ({ variance }) => {
      found = variance.dataSync()[0]!;
    }),
  );
  expect(Math.abs(found / expected - 1)).toBeLessThan(1e-4);
});

it('runs the fused kernel in training and leaves inference to tfjs-layers', async () => {
  await tf.setBackend('wasm');
  const tensors = tf.memory().numTensors;
  const layer = tfl.layers.batchNormalization({ inputShape: [3] });
  const x = noiseTensor([4, 3], 1);
  const kernels = async (training: boolean): Promise<string[]> => {
    const profile = await tf.profile(() => tf.tidy(() => void layer.apply(x, { training })));
    return profile.kernelNames;
  };
  expect(await kernels(false)).not.toContain('EspalierBatchNormTraining');
  expect(await kernels(true)).toContain('EspalierBatchNormTraining');
  layer.dispose();
  x.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

it('leaves a layer with its channels in another axis to tfjs-layers', async () => {
  const step = (): tf.Tensor => {
    const layer = tfl.layers.batchNormalization({ axis: 1 });
    const y = layer.apply(noiseTensor([3, 4, 2, 5], 1), { training: true }) as tf.Tensor;
    layer.dispose();
    return y;
  };
  const [unfused, fused] = [await valuesOn('cpu', step), await valuesOn('wasm', step)];
  expect(largestError(fused[0]!.values, unfused[0]!.values)).toBeLessThan(1e-5);
});

it('trains a layer without gamma and beta, which tfjs-layers cannot', async () => {
  const [y] = await valuesOn('wasm', () => {
    const layer = tfl.layers.batchNormalization({ center: false, scale: false, epsilon: 0 });
    const output = layer.apply(tf.tensor2d([1, 3], [2, 1]), { training: true }) as tf.Tensor;
    layer.dispose();
    return output;
  });
  expect([...y!.values]).toEqual([-1, 1]);
});
