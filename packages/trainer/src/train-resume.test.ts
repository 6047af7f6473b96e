import { type Checkpoint, encodeCheckpoint, fixed } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { batches, gradual, rig } from '../test/rig.js';
import type { TrainingEvent } from './events.js';
import { train } from './train/train.js';

guardTensors({ beforeEach, afterEach });

it('resumes from any checkpoint bit for bit, dropout and batch statistics included', async () => {
  const saved: Checkpoint[] = [];
  const checkpoint = { every: 1, save: (value: Checkpoint) => saved.push(value) };
  await train({ ...(await rig(gradual())), batches, steps: 12, checkpoint });
  const last = encodeCheckpoint(saved.at(-1)!);
  for (const cut of [0, 2, 5, 10]) {
    const again: Checkpoint[] = [];
    const save = (value: Checkpoint): unknown => again.push(value);
    await train({ ...(await rig(gradual(), saved[cut])), batches, steps: 12, checkpoint: { every: 100, save } });
    expect(again).toHaveLength(1);
    expect(Buffer.compare(encodeCheckpoint(again[0]!), last), `cut after step ${cut + 1}`).toBe(0);
  }
});

it('drops different units in different steps', async () => {
  const { model, session } = await rig(fixed());
  const zeros: number[][] = [];
  const loss = (outputs: tf.Tensor): tf.Scalar => tf.sum(outputs);
  const dropout = model.getLayer('dropout');
  const call = dropout.call.bind(dropout);
  dropout.call = (inputs, options) => {
    const output = call(inputs, options) as tf.Tensor;
    zeros.push([...output.dataSync()].flatMap((value, i) => (value === 0 ? [i] : [])));
    return output;
  };
  await train({ model, session, batches: () => batches(0), steps: 2, loss });
  expect(zeros[0]).not.toEqual([]);
  expect(zeros[0]).not.toEqual(zeros[1]);
});

it('saves and ends after the current step when it is aborted, and can be resumed', async () => {
  const events: string[] = [];
  const saved: Checkpoint[] = [];
  const controller = new AbortController();
  const onEvent = ({ type, clock }: TrainingEvent): void => {
    events.push(`${type} ${clock.step}`);
    if (type === 'step' && clock.step === 4) controller.abort();
  };
  const checkpoint = { every: 100, save: (value: Checkpoint) => saved.push(value) };
  const { signal } = controller;
  const run = await train({ ...(await rig(gradual())), batches, steps: 12, checkpoint, onEvent, signal });
  expect(run).toMatchObject({ reason: 'aborted', clock: { step: 4 } });
  expect(events.slice(-2)).toEqual(['checkpoint 4', 'end 4']);
  const rest = await train({ ...(await rig(gradual(), saved[0])), batches, steps: 12 });
  expect(rest).toMatchObject({ reason: 'finished', sparsity: 0.75, clock: { step: 12 } });
});

it('hears an abort that a timer asks for in mid-run', async () => {
  const { model, session } = await rig(fixed());
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const run = await train({ model, session, batches, steps: 1_000_000, signal: controller.signal });
  expect(run.reason).toBe('aborted');
});

it('takes no step if the session already stands at the end', async () => {
  const { model, session } = await rig(fixed());
  await train({ model, session, batches, steps: 3 });
  const result = await train({ model, session, batches, steps: 3 });
  expect(result).toEqual({ reason: 'finished', clock: { step: 3, position: 3, round: 0 }, sparsity: 0 });
});

it('cuts an evaluation short when it is aborted, saves, and has the evaluation when it is gone on with', async () => {
  const saved: Checkpoint[] = [];
  const checkpoint = { every: 100, save: (value: Checkpoint) => saved.push(value) };
  const controller = new AbortController();
  let given = 0;
  const evaluation = {
    every: 12,
    batches: function* () {
      for (; given < 1000; given++) {
        if (given === 3) controller.abort();
        yield batches(0);
      }
    },
  };
  const common = { batches, steps: 12, checkpoint };
  const { signal } = controller;
  const run = await train({ ...(await rig(gradual())), ...common, evaluation, signal });
  expect(run).toMatchObject({ reason: 'aborted', clock: { step: 12 } });
  expect(run.evaluation).toBeUndefined();
  expect(given).toBe(3);
  const whole = { every: 12, batches: () => [batches(0)] };
  const rest = await train({ ...(await rig(gradual(), saved.at(-1))), ...common, evaluation: whole });
  expect(rest).toMatchObject({ reason: 'finished', clock: { step: 12 }, evaluation: { examples: 8 } });
});
