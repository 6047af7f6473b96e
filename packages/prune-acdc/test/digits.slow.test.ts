import { keptCount } from '@espalier/core';
import { afterwards } from '@espalier/core/testing';
import { toModel } from '@espalier/core/tfjs';
import { accuracyOf, kernelEntries, nonzeroOf, startOnDigits, sum } from '@espalier/testing';
import { expect, it } from 'vitest';
import { acdc, denseTwin } from '../src/index.js';

it('trains a 90 % sparse LeNet-300-100 with real zeros on real digits, and its dense twin, and both are accurate', async () => {
  // D0-79 S80-139 D140-199 S200-299.
  const method = acdc({ sparsity: 0.9, phases: { total: 300, warmup: 80, sparse: 60, dense: 60, lastSparse: 100 } });
  const { model, session, step } = await startOnDigits(method, { weightDecay: 1e-4 });
  while (session.clock.position < 300) await step();
  const twin = afterwards(await toModel(denseTwin(await session.checkpoint({ model, slots: false }))));

  expect(sum(await nonzeroOf(model))).toBe(keptCount(kernelEntries, 0.9));
  // measured: 265 800, masked weights have regrown
  expect(sum(await nonzeroOf(twin))).toBeGreaterThan(0.99 * kernelEntries);
  const accuracies = [await accuracyOf(model), await accuracyOf(twin)];
  expect(Math.min(...accuracies)).toBeGreaterThan(0.88); // measured: 0.917 sparse, 0.915 dense
}, 300_000);
