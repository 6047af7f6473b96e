import { fixed } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { magnitude } from '@espalier/prune-magnitude';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { batches, gradual, rig } from '../../test/rig.js';
import type { TrainingEvent } from '../events.js';
import { train } from './train.js';

guardTensors({ beforeEach, afterEach });

it('tells what happens in order: step, decision, evaluation, checkpoint, end', async () => {
  const events: string[] = [];
  const onEvent = ({ type, clock }: TrainingEvent): void => void events.push(`${type} ${clock.step}`);
  const result = await train({
    ...(await rig(magnitude({ sparsity: 0.5, cadence: { start: 1, end: 3, every: 2 } }))),
    batches,
    steps: 5,
    evaluation: { every: 2, batches: () => [batches(100), batches(101)] },
    checkpoint: { every: 4, save: () => {} },
    onEvent,
  });
  // Decisions at positions 1 and 3 are there after steps 2 and 4. The end is evaluated and saved although neither is
  // due.
  expect(events).toEqual([
    ...[
      'step 1',
      'step 2',
      'decision 2',
      'evaluation 2',
      'step 3',
      'step 4',
      'decision 4',
      'evaluation 4',
      'checkpoint 4',
    ],
    ...['step 5', 'evaluation 5', 'checkpoint 5', 'end 5'],
  ]);
  expect(result).toMatchObject({ reason: 'finished', sparsity: 0.5, clock: { step: 5 }, evaluation: { examples: 16 } });
});

it('makes the loss of separable data fall, with three quarters of the weights pruned', async () => {
  const losses: number[] = [];
  const onEvent = (event: TrainingEvent): void => void (event.type === 'step' && losses.push(event.loss));
  const evaluation = { every: 100, batches: () => [batches(1000), batches(1001), batches(1002)] };
  const result = await train({ ...(await rig(gradual())), batches, steps: 60, evaluation, onEvent });
  expect(losses).toHaveLength(60);
  expect(result.sparsity).toBe(0.75);
  expect(result.evaluation?.accuracy).toBeGreaterThan(0.85);
});

it('adds what the layers ask for to the loss that it minimizes', async () => {
  const losses: number[] = [];
  const onEvent = (event: TrainingEvent): void => void (event.type === 'step' && losses.push(event.loss));
  const [plain, regularized] = [await rig(fixed()), await rig(fixed(), undefined, 0.5)];
  const kernel = await regularized.model.getLayer('logits').weights[0]!.read().data();
  const penalty = 0.5 * [...kernel].reduce((sum, value) => sum + value * value, 0);
  for (const { model, session } of [plain, regularized]) await train({ model, session, batches, steps: 1, onEvent });
  expect(losses[1]! - losses[0]!).toBeCloseTo(penalty, 4);
});

it('keeps the number of tensors constant from step to step', async () => {
  const counts = new Set<number>();
  const onEvent = ({ type, clock }: TrainingEvent): void => {
    if (type === 'step' && clock.step > 2) counts.add(tf.memory().numTensors);
  };
  const evaluation = { every: 2, batches: () => [batches(50)] };
  await train({
    ...(await rig(gradual())),
    batches,
    steps: 12,
    evaluation,
    checkpoint: { every: 2, save: () => {} },
    onEvent,
  });
  // One more from the first decision on: a mask for each of the two kernels.
  expect(counts.size).toBeLessThanOrEqual(2);
});

it.each(['steps', 'maximumSteps', 'evaluation.every', 'checkpoint.every'])(
  'refuses a %s of 0 and 2.5',
  async option => {
    const { model, session } = await rig(fixed());
    for (const value of [0, 2.5]) {
      const at = (name: string): number => (name === option ? value : 5);
      const run = train({
        model,
        session,
        batches,
        steps: at('steps'),
        maximumSteps: at('maximumSteps'),
        evaluation: { every: at('evaluation.every'), batches: () => [] },
        checkpoint: { every: at('checkpoint.every'), save: () => {} },
      });
      await expect(run).rejects.toMatchObject({ code: 'INVALID_OPTION', option });
    }
  },
);
