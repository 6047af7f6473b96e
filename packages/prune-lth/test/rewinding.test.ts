import { countOnes, fixed, linear, type PruningMethod, type StepView } from '@espalier/core';
import { afterwards, guardTensors, toyModel } from '@espalier/core/testing';
import { disposeOptimizer, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { lotteryTicket } from '../src/index.js';

type Values = Map<string, Float32Array>;

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

interface Rig {
  readonly session: PruningSession<null>;
  readonly views: StepView[];
  readonly step: (count?: number) => Promise<void>;
  readonly weights: () => Promise<Values>;
  readonly slots: () => Promise<number[]>;
}

/**
 * A session on the toy model that keeps what the method was shown. Its weight `counter` is not trained, but counts the
 * calls of the loss.
 */
async function rigOf(method: PruningMethod<null>): Promise<Rig> {
  const model = afterwards(toyModel());
  const optimizer = tf.train.momentum(0.05, 0.9);
  afterwards({ dispose: () => disposeOptimizer(optimizer) });
  const views: StepView[] = [];
  const watched: PruningMethod<null> = {
    ...method,
    decide: (view, state) => {
      views.push(view);
      return method.decide(view, state);
    },
  };
  const learningRate = linear({ from: 0.1, to: 0.01, start: 0, end: 9 });
  const session = await PruningSession.start(watched, { weights: model.weights, optimizer, seed: 3, learningRate });
  afterwards(session);
  const step = async (count = 1): Promise<void> => {
    for (let i = 0; i < count; i++) await session.step(model.loss);
  };
  const valuesOf = async (variable: tf.Tensor): Promise<Float32Array> => Float32Array.from(await variable.data());
  return {
    session,
    views,
    step,
    weights: async () =>
      new Map(await Promise.all(model.weights.map(async w => [w.name, await valuesOf(w.variable)] as const))),
    slots: async () => {
      const [iterations, ...slots] = await optimizer.getWeights();
      iterations?.tensor.dispose();
      return (await Promise.all(slots.map(({ tensor }) => valuesOf(tensor)))).flatMap(values => [...values]);
    },
  };
}

const options = { rounds: 2, fraction: 0.5, roundLength: 6, rewindTo: 2 };

function masked(values: Values, masks: ReadonlyMap<string, Uint8Array>): Values {
  return new Map([...values].map(([name, all]) => [name, all.map((w, i) => (masks.get(name)?.[i] === 0 ? 0 : w))]));
}

describe('a session with lotteryTicket', () => {
  it('lth L1: after every rewind each weight is that of step k times its mask, untrained ones included', async () => {
    const { session, step, weights } = await rigOf(lotteryTicket(options));
    await step(2);
    const early = await weights();
    expect(early.get('counter')).toEqual(Float32Array.of(2, 2));
    await step(4);
    expect(await weights()).toEqual(masked(early, session.masks));
    await step(4);
    expect(await weights()).toEqual(masked(early, session.masks));
    expect(session.clock).toEqual({ step: 10, position: 2, round: 2 });
    expect([...session.masks.values()].reduce((sum, mask) => sum + countOnes(mask), 0)).toBe(18); // 72 → 36 → 18
  });

  it('lth L3: the mask is that of the trained weights, not of the rewound ones', async () => {
    const { session, views, step, weights } = await rigOf(lotteryTicket({ ...options, rewindTo: 0 }));
    const initial = await weights();
    await step(6);
    const largestHalf = (values: (name: string) => ArrayLike<number>): string => {
      const all = [...session.masks.keys()].flatMap(name => Array.from(values(name), Math.abs));
      const threshold = [...all].sort((a, b) => b - a)[35] ?? 0;
      return all.map(w => (w >= threshold ? 1 : 0)).join('');
    };
    const decided = [...session.masks.values()].flatMap(mask => [...mask]).join('');
    expect(decided).toBe(largestHalf(name => views[0]?.layers.find(layer => layer.name === name)?.weights ?? []));
    expect(decided).not.toBe(largestHalf(name => initial.get(name) ?? []));
  });

  it('lth L5: a round starts with empty slots and the learning rate of step k', async () => {
    const { session, step, slots } = await rigOf(lotteryTicket(options));
    await step(5);
    expect((await slots()).some(value => value !== 0)).toBe(true);
    expect(session.learningRate).toBeCloseTo(0.05, 12); // position 5 of 9 from 0.1 to 0.01
    await step();
    expect((await slots()).every(value => value === 0)).toBe(true);
    expect(session.learningRate).toBeCloseTo(0.08, 12); // position 2
  });

  it('lth L6: the first round is dense training, bit for bit', async () => {
    const ticket = await rigOf(lotteryTicket(options));
    await ticket.step(6);
    const trained = ticket.views.at(-1)?.layers ?? [];
    const dense = await rigOf(fixed());
    await dense.step(6);
    const expected = await dense.weights();
    expect(trained.map(({ name }) => name)).toEqual(['hidden/kernel', 'head/kernel']);
    for (const { name, weights } of trained) expect(weights).toEqual(expected.get(name));
  });

  it('goes on with the trained weights when only the learning rate rewinds', async () => {
    const { session, views, step, weights, slots } = await rigOf(
      lotteryTicket({ ...options, rewind: 'learning-rate' }),
    );
    await step(6);
    const shown = new Map(views.at(-1)?.layers.map(layer => [layer.name, layer.weights]));
    const after = await weights();
    for (const [name, mask] of session.masks) {
      expect(after.get(name)).toEqual(shown.get(name)?.map((w, i) => (mask[i] ? w : 0)));
    }
    expect(after.get('counter')).toEqual(Float32Array.of(6, 6));
    expect(session.learningRate).toBeCloseTo(0.08, 12);
    expect((await slots()).every(value => value === 0)).toBe(true);
  });

  it('asks for the batches of a round again, then runs to its end', async () => {
    const { session, step } = await rigOf(lotteryTicket(options));
    const positions: number[] = [];
    while (session.clock.position < 6) {
      positions.push(session.clock.position);
      await step();
    }
    expect(positions).toEqual([0, 1, 2, 3, 4, 5, 2, 3, 4, 5, 2, 3, 4, 5]);
    expect(session.phase).toBe('ticket');
  });
});
