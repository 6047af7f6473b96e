import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import { recalibrateBatchNorm } from './recalibrate-batch-norm.js';

let net: LayersModel;

guardTensors({ beforeEach, afterEach });
beforeEach(() => {
  net = sequential({ layers: [layers.batchNormalization({ inputShape: [1], momentum: 0.9 })] });
});
afterEach(() => {
  net.dispose();
});

const batch = (...values: number[]): Batch => ({
  xs: tf.tensor2d(values, [values.length, 1]),
  ys: tf.zeros([values.length], 'int32'),
});

/** gamma, beta, moving mean, moving variance. */
async function statistics(model: LayersModel): Promise<number[]> {
  const values = await Promise.all(model.weights.map(weight => weight.read().data()));
  return values.map(([value = Number.NaN]) => value);
}

it('puts the plain average over batches in the place of the old statistics', async () => {
  tf.tidy(() => void net.weights[2]!.write(tf.tensor1d([Number.NaN])));
  // Means 1, 4, 10: average 5. Population variances 1, 0, 16: average 17/3.
  expect(await recalibrateBatchNorm(net, [batch(0, 2), batch(4, 4), batch(6, 14)])).toBe(3);
  const [gamma, beta, mean, variance] = await statistics(net);
  expect([gamma, beta]).toEqual([1, 0]);
  expect(mean).toBeCloseTo(5, 5);
  expect(variance).toBeCloseTo(17 / 3, 5);
});

it('averages with the given momentum from the first batch on', async () => {
  // 1, then 0.5 · 1 + 0.5 · 4 = 2.5, then 0.5 · 2.5 + 0.5 · 10 = 6.25.
  await recalibrateBatchNorm(net, [batch(0, 2), batch(4, 4), batch(6, 14)], { momentum: 0.5 });
  expect((await statistics(net))[2]).toBeCloseTo(6.25, 5);
});

it("puts the layer's own momentum back, also after a failure", async () => {
  function* failing(): Generator<Batch> {
    yield batch(1, 2);
    throw new Error('disk on fire');
  }
  await expect(recalibrateBatchNorm(net, failing())).rejects.toThrow('disk on fire');
  // One step of the layer's own average from mean 1.5: 0.9 · 1.5 + 0.1 · 10.
  tf.tidy(() => void net.apply(tf.tensor2d([[10], [10]]), { training: true }));
  expect((await statistics(net))[2]).toBeCloseTo(2.35, 5);
});

it('reaches layers of nested models', async () => {
  const outer = sequential({ layers: [net] });
  await recalibrateBatchNorm(outer, [batch(3, 5)]);
  expect((await statistics(net))[2]).toBe(4);
});

it.each([-0.5, 1, Number.NaN])('refuses a momentum of %d', async momentum => {
  await expect(recalibrateBatchNorm(net, [], { momentum })).rejects.toMatchObject({ option: 'momentum' });
});

it('refuses an empty series, and changes nothing', async () => {
  const initially = await statistics(net);
  await expect(recalibrateBatchNorm(net, [])).rejects.toMatchObject({ option: 'batches' });
  expect(await statistics(net)).toEqual(initially);
});
