import { type Checkpoint, fixed } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { magnitude } from '@espalier/prune-magnitude';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { batches, gradual, rig } from '../test/rig.js';
import type { Batch } from './batch.js';
import type { TrainingEvent } from './events.js';
import { train } from './train/train.js';

guardTensors({ beforeEach, afterEach });

it('refuses at the start a run that is too short for the method', async () => {
  const { model, session } = await rig(gradual());
  await expect(train({ model, session, batches, steps: 8 })).rejects.toMatchObject({ code: 'SPARSITY_NOT_REACHED' });
  expect(session.clock.step).toBe(0);
  await train({ model, session, batches, steps: 9 });
});

it('tells at the end, after the last checkpoint, that the method broke its promise', async () => {
  const saved: number[] = [];
  const checkpoint = { every: 100, save: ({ clock }: Checkpoint) => saved.push(clock.step) };
  const promising = { ...fixed(), target: { sparsity: 0.5, position: 1 } };
  const run = train({ ...(await rig(promising)), batches, steps: 3, checkpoint });
  await expect(run).rejects.toMatchObject({ code: 'SPARSITY_NOT_REACHED', reached: 0, promised: 0.5 });
  expect(saved).toEqual([3]);
});

it('stops at the first loss that is not finite, names the step, and saves nothing after it', async () => {
  const saved: number[] = [];
  const checkpoint = { every: 1, save: ({ clock }: Checkpoint) => saved.push(clock.step) };
  const poisoned = (position: number): Batch => {
    const { xs, ys } = batches(position);
    if (position < 3) return { xs, ys };
    xs.dispose();
    return { xs: tf.fill([8, 4], Number.NaN), ys };
  };
  const run = train({ ...(await rig(fixed())), batches: poisoned, steps: 10, checkpoint });
  await expect(run).rejects.toMatchObject({ code: 'DIVERGED', step: 3 });
  expect(saved).toEqual([1, 2, 3]);
});

it('does not save weights that are not finite, even if the loss before them was', async () => {
  const saved: number[] = [];
  const checkpoint = { every: 1, save: ({ clock }: Checkpoint) => saved.push(clock.step) };
  const { model, session } = await rig(fixed());
  const onEvent = ({ type, clock }: TrainingEvent): void => {
    if (type === 'step' && clock.step === 2) tf.tidy(() => void model.weights[0]!.write(tf.fill([4, 6], Infinity)));
  };
  const run = train({ model, session, batches, steps: 10, checkpoint, onEvent });
  await expect(run).rejects.toMatchObject({ code: 'DIVERGED', step: 2 });
  expect(saved).toEqual([1]);
});

it('calls it divergence, too, when the method finds weights that it cannot rank', async () => {
  const { model, session } = await rig(magnitude({ sparsity: 0.5, cadence: { start: 1, end: 1, every: 1 } }));
  const poison = { xs: tf.fill([8, 4], Number.NaN), ys: tf.zeros([8], 'int32') };
  const run = train({ model, session, batches: position => (position === 1 ? poison : batches(position)), steps: 4 });
  await expect(run).rejects.toMatchObject({ code: 'DIVERGED', step: 1, cause: { code: 'NON_FINITE_SCORE' } });
});
