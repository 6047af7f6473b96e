import fc from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { expectClose } from '../../test/kernels/close.js';
import { loadEngines } from '../../test/kernels/engines.js';
import { noise } from '../../test/kernels/host-image.js';
import { anyCase, sizesOf, slowProducts } from '../../test/training/layers.js';
import type { TrainingLayer } from './layer.js';
import { trainingProducts } from './training-products.js';

// Switches relaxed SIMD on where it is behind a flag.
beforeAll(loadEngines);

/** Computes all products of random values and compares them with slow loops. */
async function expectRight(layer: TrainingLayer, options: Parameters<typeof trainingProducts>[1]): Promise<void> {
  const products = await trainingProducts(layer, options);
  const outputs = layer.kernelShape[3];
  const [kernel, bias] = [noise(layer.mask.length, 1), noise(outputs, 2)];
  const [inputSize, outputSize] = sizesOf(layer);
  const [x, dy] = [noise(inputSize, 3), noise(outputSize, 4)];
  await products.setWeights(kernel);
  await products.setBias(bias);
  const slow = slowProducts(layer, kernel, bias, x, dy);
  expectClose(await products.forward(x), slow.output);
  expectClose(await products.inputGradient(dy), slow.inputGradient);
  expectClose(products.toKernel(await products.filterGradient(x, dy)), slow.kernelGradient);
  expectClose(await products.biasGradient(dy), slow.biasGradient);
  await products.dispose();
}

describe('the products', () => {
  // By hand: the kernel [1 0; 0 2] on [1 2 3; 4 5 6] gives [1 + 2 * 5, 2 + 2 * 6] = [11, 14]. With dy = [10, 100]:
  // dx = [10 100 0; 0 20 200], dw = [1 * 10 + 2 * 100, 5 * 10 + 6 * 100] = [210, 650], db = 110.
  it('are these of an example by hand', async () => {
    const layer = { kernelShape: [2, 2, 1, 1], mask: [1, 0, 0, 1], inputShape: [2, 3, 1], batch: 1 } as const;
    const products = await trainingProducts(layer);
    const [x, dy] = [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(10, 100)];
    await products.setWeights(Float32Array.of(1, 2));
    expect(products.inputShape).toEqual([1, 2, 3, 1]);
    expect(products.outputShape).toEqual([1, 1, 2, 1]);
    expect([...products.indices]).toEqual([0, 3]);
    expect([...(await products.forward(x))]).toEqual([11, 14]);
    expect([...(await products.inputGradient(dy))]).toEqual([10, 100, 0, 0, 20, 200]);
    expect([...(await products.filterGradient(x, dy))]).toEqual([210, 650]);
    expect([...(await products.biasGradient(dy))]).toEqual([110]);
    await products.dispose();
  });

  test.each(['simd', 'relaxed-simd'] as const)('are what slow loops give, for any layer (%s)', async instructions => {
    await fc.assert(
      fc.asyncProperty(anyCase, ({ layer, options }) => expectRight(layer, { ...options, instructions })),
      { numRuns: 150 },
    );
  });

  it('are right for a dense layer, which is a convolution of one pixel', async () => {
    const mask = Uint8Array.from(noise(40 * 30, 5), value => (value > 0.6 ? 1 : 0));
    await expectRight({ kernelShape: [1, 1, 40, 30], mask, inputShape: [1, 1, 40], batch: 33 }, {});
  });

  const layer: TrainingLayer = {
    kernelShape: [3, 3, 20, 12],
    mask: Uint8Array.from(noise(9 * 240, 6), value => (value > 0.6 ? 1 : 0)),
    inputShape: [9, 10, 20],
    batch: 3,
    padding: 'same',
  };

  it('keep NaN and infinities to the pixels and channels that the active weights join', async () => {
    const products = await trainingProducts({
      kernelShape: [1, 1, 2, 2],
      mask: [1, 0, 0, 1],
      inputShape: [1, 2, 2],
      batch: 1,
    });
    await products.setWeights(Float32Array.of(1, 1));
    const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
    expect([...(await products.forward(Float32Array.of(nan, 2, 3, inf)))]).toEqual([nan, 2, 3, inf]);
    expect([...(await products.inputGradient(Float32Array.of(nan, 2, 3, inf)))]).toEqual([nan, 2, 3, inf]);
    const gradient = await products.filterGradient(Float32Array.of(nan, 1, 2, 3), Float32Array.of(1, 1, 1, 1));
    expect([...gradient]).toEqual([nan, 4]);
    await products.dispose();
  });

  it('are right on several threads', async () => {
    await expectRight(layer, { threads: 2 });
    await expectRight({ ...layer, strides: [2, 2] }, { threads: 3 });
  });

  it('are right however they are partitioned', async () => {
    await expectRight(layer, { tune: true });
    await expectRight({ ...layer, kernelShape: [1, 1, 180, 12], inputShape: [9, 10, 180] }, { tune: true });
  });
});
