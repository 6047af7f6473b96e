import { countOnes, keptCount, type PruningMethod } from '@espalier/core';
import { kernelEntries, nonzeroOf, startOnDigits, sum } from '@espalier/testing';
import { expect, it } from 'vitest';
import { granet, rigl } from '../src/index.js';

const steps = 200;

const methods: Record<'rigl' | 'granet', PruningMethod<null>> = {
  rigl: rigl({ sparsity: 0.9, cadence: { start: 0, end: 150, every: 15 } }),
  granet: granet({ sparsity: 0.9, cadence: { start: 0, end: 100, every: 25 }, trainingSteps: steps }),
};

it.each(['rigl', 'granet'] as const)(
  '%s trains LeNet-300-100 on real digits with nine of ten weights exactly 0',
  async name => {
    let grown = 0;
    const { model, session, step, accuracy } = await startOnDigits(methods[name], {
      weightDecay: 1e-4,
      onDecision: ({ changed }) => (grown += changed.grown),
    });
    while (session.clock.position < steps) await step();

    const nonzero = sum(await nonzeroOf(model));
    const active = sum([...session.masks.values()].map(countOnes));
    expect(active).toBe(keptCount(kernelEntries, 0.9));
    expect(nonzero).toBeLessThanOrEqual(active);
    expect(nonzero).toBeGreaterThan(0.99 * active); // what grew was trained
    expect(grown).toBeGreaterThan(active / 2);
    expect(await accuracy()).toBeGreaterThan(0.85); // measured: rigl 0.892, granet 0.918
  },
  60_000,
);
