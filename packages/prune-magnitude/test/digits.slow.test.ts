import { keptCount } from '@espalier/core';
import { kernelEntries, nonzeroOf, startOnDigits, sum } from '@espalier/testing';
import { expect, it } from 'vitest';
import { magnitude } from '../src/index.js';

it('prunes LeNet-300-100 to 90 % on real digits with real zeros in the weights, and keeps its accuracy', async () => {
  const method = magnitude({ sparsity: 0.9, cadence: { start: 100, end: 220, every: 20 } });
  const { model, session, step, accuracy } = await startOnDigits(method, { weightDecay: 1e-4 });
  while (session.clock.position < 100) await step();
  const dense = await accuracy();
  while (session.clock.position < 320) await step();

  expect(sum(await nonzeroOf(model))).toBe(keptCount(kernelEntries, 0.9));
  expect(dense).toBeGreaterThan(0.85);
  expect(await accuracy()).toBeGreaterThan(dense - 0.01);
}, 300_000);
