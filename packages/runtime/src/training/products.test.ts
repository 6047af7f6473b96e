import { describe, expect, it } from 'vitest';
import { noise } from '../../test/kernels/host-image.js';
import type { TrainingLayer } from './layer.js';
import { trainingProducts } from './training-products.js';

const layer: TrainingLayer = {
  kernelShape: [3, 3, 4, 5],
  mask: Uint8Array.from({ length: 180 }, (_, i) => (i % 7 === 0 ? 1 : 0)),
  inputShape: [6, 7, 4],
  batch: 2,
};
const x = noise(2 * 6 * 7 * 4, 1);
const dy = noise(2 * 4 * 5 * 5, 2);

describe('TrainingProducts', () => {
  it.each([1, 2])('has weights and biases of zero until it is given others, on %d threads', async threads => {
    const products = await trainingProducts(layer, { threads });
    expect(await products.forward(x)).toEqual(new Float32Array(dy.length));
    expect(await products.inputGradient(dy)).toEqual(new Float32Array(x.length));
    await products.dispose();
  });

  it('takes weights by place or as a whole kernel, and nothing of what the mask leaves out', async () => {
    const products = await trainingProducts(layer);
    const kernel = noise(180, 3);
    await products.setWeights(kernel);
    const expected = await products.forward(x);
    await products.setWeights(new Float32Array(180));
    expect(await products.forward(x)).toEqual(new Float32Array(expected.length));
    await products.setWeights(Float32Array.from(products.indices, index => kernel[index]!));
    expect(await products.forward(x)).toEqual(expected);
    await products.dispose();
  });

  it('gives both directions the new weights', async () => {
    const products = await trainingProducts(layer);
    await products.setWeights(noise(180, 3));
    const before = await products.inputGradient(dy);
    await products.setWeights(noise(180, 3).map(value => value * 2));
    const after = await products.inputGradient(dy);
    expect(after).toEqual(before.map(value => value * 2));
    await products.dispose();
  });

  it('keeps what was loaded and computed, so that products can be computed in any order', async () => {
    const products = await trainingProducts(layer);
    await products.setWeights(noise(180, 3));
    const expected = [
      await products.forward(x),
      await products.inputGradient(dy),
      await products.filterGradient(x, dy),
      await products.biasGradient(dy),
    ];
    await products.load('outputGradient', dy);
    await products.load('input', x);
    for (const product of ['filterGradient', 'forward', 'inputGradient', 'forward'] as const) {
      await products.compute(product);
    }
    expect([
      await products.read('forward'),
      await products.read('inputGradient'),
      await products.read('filterGradient'),
      await products.read('biasGradient'),
    ]).toEqual(expected);
    await products.dispose();
  });

  it('does not mix up calls that overlap', async () => {
    const products = await trainingProducts(layer);
    await products.setWeights(noise(180, 3));
    const others = [5, 6, 7].map(seed => noise(x.length, seed));
    const together = await Promise.all(others.map(other => products.forward(other)));
    for (const [i, other] of others.entries()) expect(together[i]).toEqual(await products.forward(other));
    await products.dispose();
  });

  it('sums no gradient into the next', async () => {
    const products = await trainingProducts(layer);
    const first = await products.filterGradient(x, dy);
    await products.filterGradient(dy.length === x.length ? dy : noise(x.length, 9), noise(dy.length, 8));
    expect(await products.filterGradient(x, dy)).toEqual(first);
    await products.dispose();
  });

  it('refuses values of another length', async () => {
    const products = await trainingProducts(layer);
    const wrong = new Float32Array(3);
    const calls = [
      products.setWeights(wrong),
      products.setBias(wrong),
      products.forward(wrong),
      products.inputGradient(wrong),
      products.filterGradient(x, wrong),
      products.filterGradient(wrong, dy),
      products.biasGradient(wrong),
      products.load('input', wrong),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(() => products.toKernel(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    await products.dispose();
  });

  it('refuses what are no images, weights or products at all, and goes on', async () => {
    const products = await trainingProducts(layer);
    const [list, nothing] = [[...x] as unknown as Float32Array, undefined as unknown as Float32Array];
    for (const wrong of [list, nothing]) {
      await expect(products.forward(wrong)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(products.setWeights(wrong)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
    const calls = [
      products.load('output' as 'input', x),
      products.compute('refresh' as 'forward'),
      products.compute('biasGradient' as 'forward'),
      products.read('weights' as 'forward'),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(products.forward(x)).resolves.toHaveLength(dy.length);
    await products.dispose();
  });

  it('finishes what is under way before it is disposed of, and refuses what comes later', async () => {
    const products = await trainingProducts(layer, { threads: 2 });
    const last = products.forward(x);
    await Promise.all([products.dispose(), products.dispose()]);
    await expect(last).resolves.toHaveLength(dy.length);
    await expect(products.forward(x)).rejects.toMatchObject({ code: 'TRAINING_PRODUCTS_DISPOSED' });
    await expect(products.read('forward')).rejects.toMatchObject({ code: 'TRAINING_PRODUCTS_DISPOSED' });
  });
});
