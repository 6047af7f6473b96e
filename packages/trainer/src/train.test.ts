import '@tensorflow/tfjs-backend-cpu';
import { type Checkpoint, encodeCheckpoint, fixed, type Json, type PruningMethod, randomStreams } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { magnitude } from '@espalier/prune-magnitude';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import type { TrainingEvent } from './events.js';
import { train } from './train.js';

const disposers: (() => void)[] = [];
let before: number;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => {
  for (const dispose of disposers.splice(0)) dispose();
  expect(tf.memory().numTensors).toBe(before);
});

function net(l2 = 0): LayersModel {
  const kernelInitializer = (seed: number): ReturnType<typeof initializers.heNormal> => initializers.heNormal({ seed });
  const kernelRegularizer = l2 > 0 ? { kernelRegularizer: regularizers.l2({ l2 }) } : {};
  return sequential({
    name: 'net',
    layers: [
      layers.dense({
        name: 'hidden',
        units: 6,
        inputShape: [4],
        useBias: false,
        kernelInitializer: kernelInitializer(1),
      }),
      layers.batchNormalization({ name: 'norm', momentum: 0.9 }),
      layers.dropout({ name: 'dropout', rate: 0.3 }),
      layers.dense({ name: 'logits', units: 2, kernelInitializer: kernelInitializer(2), ...kernelRegularizer }),
    ],
  });
}

interface Rig<State extends Json> {
  readonly model: LayersModel;
  readonly session: PruningSession<State>;
}

async function rig<State extends Json>(method: PruningMethod<State>, from?: Checkpoint, l2 = 0): Promise<Rig<State>> {
  const model = net(l2);
  const optimizer = tf.train.momentum(0.05, 0.9);
  const options = { weights: modelWeights(model), optimizer, seed: 5 };
  const session = await (from ? PruningSession.resume(method, options, from) : PruningSession.start(method, options));
  disposers.push(() => {
    session.dispose();
    disposeOptimizer(optimizer);
    model.dispose();
  });
  return { model, session };
}

/** Two noisy clusters, a function of the position. */
function batches(position: number): Batch {
  const random = randomStreams(1, position)('data');
  const ys = Int32Array.from({ length: 8 }, () => Math.floor(random() * 2));
  const xs = Float32Array.from({ length: 32 }, (_, i) => random() + (ys[i >> 2] ?? 0));
  return { xs: tf.tensor2d(xs, [8, 4]), ys: tf.tensor1d(ys, 'int32') };
}

const gradual = (): PruningMethod<null> => magnitude({ sparsity: 0.75, cadence: { start: 2, end: 8, every: 3 } });

/** Goes back to where it was after position 1 whenever it comes to position 3. */
function rewinding(times: number): PruningMethod<null> {
  return {
    ...fixed(),
    name: 'rewinding',
    plan: ({ position }) => (position === 1 || position === 3 ? { observe: { kind: 'clock' } } : {}),
    decide: ({ clock: { position, round } }) => {
      if (position === 1) return { state: null, ...(round === 0 ? { snapshot: 'early' } : {}) };
      return { state: null, ...(round < times ? { rewind: { snapshot: 'early', restore: 'all' as const } } : {}) };
    },
  };
}

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
  // Decisions at positions 1 and 3 are there after steps 2 and 4. The end is evaluated and saved although neither is due.
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

it('asks for the data of a position again when the method rewinds', async () => {
  const positions: number[] = [];
  const recording = (position: number): Batch => {
    positions.push(position);
    return batches(position);
  };
  const { clock } = await train({ ...(await rig(rewinding(2))), batches: recording, steps: 5 });
  expect(positions).toEqual([0, 1, 2, 3, 2, 3, 2, 3, 4]);
  expect(clock).toEqual({ step: 9, position: 5, round: 2 });
});

it('stops a method that rewinds for ever at the cap', async () => {
  const run = train({ ...(await rig(rewinding(Infinity))), batches, steps: 5, maximumSteps: 20 });
  await expect(run).rejects.toMatchObject({ code: 'STEP_LIMIT', limit: 20, steps: 5 });
});

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

it('adds what the layers ask for to the loss that it minimises', async () => {
  const losses: number[] = [];
  const onEvent = (event: TrainingEvent): void => void (event.type === 'step' && losses.push(event.loss));
  const [plain, regularised] = [await rig(fixed()), await rig(fixed(), undefined, 0.5)];
  const kernel = await regularised.model.getLayer('logits').weights[0]!.read().data();
  const penalty = 0.5 * [...kernel].reduce((sum, value) => sum + value * value, 0);
  for (const { model, session } of [plain, regularised]) await train({ model, session, batches, steps: 1, onEvent });
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
