import { type Checkpoint, fixed, keptCount, type PruningMethod } from '@espalier/core';
import { loadWeights } from '@espalier/core/tfjs';
import { accuracyOf, kernelSizes, lenet, nonzeroOf, startOnDigits } from '@espalier/testing';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { combine, gap, parallelGap, pruneCheckpoint } from '../src/index.js';

const sparsity = 0.9;
const kept = kernelSizes.map(size => keptCount(size, sparsity));

/** Trains the model from a sparse checkpoint, or as it is, and returns what it became. */
async function train(
  model: LayersModel,
  method: PruningMethod,
  steps: { readonly count: number; readonly offset?: number },
  from?: Checkpoint,
): Promise<Checkpoint> {
  if (from) loadWeights(model, from);
  const options = { weightDecay: 1e-4, ...(from && { masks: from.masks }) };
  const { session, step } = await startOnDigits(method, options, model);
  while (session.clock.position < steps.count) await step(session.clock.position + (steps.offset ?? 0));
  return session.checkpoint({ slots: false });
}

it('C-GaP trains LeNet-300-100 to 90 % on real digits with real zeros in the weights, and it classifies them', async () => {
  const model = lenet();
  const method = gap({ sparsity, partitions: 2, turns: 4, turnLength: 30 }) as unknown as PruningMethod;
  await train(model, method, { count: 180 });
  expect(await nonzeroOf(model)).toEqual(kept);
  // 0.881 when this was written; 180 steps are few for 90 % from scratch
  expect(await accuracyOf(model)).toBeGreaterThan(0.84);
}, 300_000);

it('P-GaP trains it to 90 % in one process, from two copies a round', async () => {
  const model = lenet();
  let sparse: Checkpoint | undefined;
  for (let round = 0; round < 2; round++) {
    const copies: Checkpoint[] = [];
    const initial = await Promise.all(model.getWeights().map(weight => weight.clone()));
    for (const partition of [0, 1]) {
      model.setWeights(initial);
      const method = parallelGap({ sparsity, partitions: 2, partition }) as unknown as PruningMethod;
      copies.push(await train(model, method, { count: 30, offset: 30 * round }, sparse));
    }
    tf.dispose(initial);
    sparse = pruneCheckpoint(combine(copies, 2), { sparsity });
  }
  await train(model, fixed() as unknown as PruningMethod, { count: 60, offset: 60 }, sparse);
  expect(await nonzeroOf(model)).toEqual(kept);
  // 0.865 when this was written, after 120 steps in the line of one copy
  expect(await accuracyOf(model)).toBeGreaterThan(0.82);
}, 300_000);
