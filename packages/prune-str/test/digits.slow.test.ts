import { keptCount } from '@espalier/core';
import { kernelEntries, nonzeroOf, startOnDigits, sum } from '@espalier/testing';
import { expect, it } from 'vitest';
import { type SoftThresholdOptions, softThreshold } from '../src/index.js';

/** LeNet-300-100 after 300 steps on the digits: its sparsity, how many kernel entries are not 0, and its accuracy. */
async function train(options: Omit<SoftThresholdOptions, 'end'>) {
  const { model, session, step, accuracy } = await startOnDigits(softThreshold({ end: 199, ...options }), {
    weightDecay: 5e-4,
  });
  while (session.clock.position < 300) await step();
  return { sparsity: session.sparsity, nonzero: sum(await nonzeroOf(model)), accuracy: await accuracy() };
}

it('trains a 90 % sparse LeNet-300-100 with real zeros on real digits under the controller', async () => {
  const { nonzero, accuracy } = await train({
    sparsity: 0.9,
    cadence: { start: 30, every: 10 },
    initialThreshold: -100,
    thresholdDecay: 5e-4,
  });
  expect(nonzero).toBe(keptCount(kernelEntries, 0.9));
  expect(accuracy).toBeGreaterThan(0.85); // measured: 0.899
}, 300_000);

it('trains a sparse LeNet-300-100 with thresholds that learn alone, once they start where the data moves them', async () => {
  const { sparsity, nonzero, accuracy } = await train({ initialThreshold: -7, thresholdDecay: 5e-3 });
  expect(nonzero).toBe(Math.round(kernelEntries * (1 - sparsity)));
  expect(sparsity).toBeGreaterThan(0.1); // measured: 0.183
  expect(accuracy).toBeGreaterThan(0.88); // measured: 0.928
}, 300_000);
