import { expect, it } from 'vitest';
import { noise } from '../../test/kernels/host-image.js';
import { inUse } from '../../test/plan/in-use.js';
import { trainingProducts } from './training-products.js';

it.each([1, 2])('memory does not grow in 3,000 training steps on %d threads', async threads => {
  const products = await trainingProducts(
    { kernelShape: [3, 3, 2, 3], mask: noise(54, 1).map(value => Number(value > 0)), inputShape: [5, 5, 2], batch: 2 },
    { threads },
  );
  const [kernel, bias, x, dy] = [noise(54, 2), noise(3, 3), noise(100, 4), noise(54, 5)] as const;
  const step = async (): Promise<void> => {
    await products.setWeights(kernel);
    await products.setBias(bias);
    await products.forward(x);
    await products.inputGradient(dy);
    await products.filterGradient(x, dy);
    await products.biasGradient(dy);
  };
  for (let warm = 0; warm < 500; warm++) await step();
  const before = await inUse();
  for (let round = 0; round < 3000; round++) await step();
  const after = await inUse();
  // One result leaked in every step, 200 bytes or more with its object, would make 600 kB.
  expect(after.bytes - before.bytes).toBeLessThan(300_000);
  expect(after.resources).toEqual(before.resources);
  await products.dispose();
});
