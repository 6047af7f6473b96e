import { PruningSession, weightsOf } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import type { PruningMethod } from '@espalier/core';
import { granet, rigl, set } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const size = 8;
const slope = [1, 2, 3, 4, 5, 6, 7, 8];
const masks = new Map([['w', Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0)]]);
const cadence = { start: 2, end: 2, every: 1 };

interface Looks {
  readonly weights: number[];
  readonly momentum: number[];
  readonly mask: number[];
}

/** Weights, momentum and mask after each step of a run with the constant gradient `slope`. */
async function looks(method: PruningMethod<null>, steps: number, given = masks): Promise<Looks[]> {
  const before = tf.memory().numTensors;
  const w = tf.tidy(() => tf.variable(tf.tensor2d([80, 60, 70, 1, 5, 5, 5, 5], [1, size])));
  const factor = tf.tensor2d(slope, [1, size]);
  const optimizer = tf.train.momentum(0.125, 0.5);
  const session = await PruningSession.start(method, { weights: weightsOf({ w }), optimizer, masks: given });
  const seen: Looks[] = [];
  for (let step = 0; step < steps; step++) {
    await session.step(() => tf.sum(tf.mul(w, factor)));
    const slots = await optimizer.getWeights();
    const momentum = slots.find(({ tensor }) => tensor.size === size)?.tensor;
    seen.push({
      weights: [...(await w.data())],
      momentum: [...((await momentum?.data()) ?? [])],
      mask: [...(session.masks.get('w') ?? [])],
    });
    tf.dispose(slots.filter(({ name }) => name === 'iter').map(({ tensor }) => tensor));
  }
  session.dispose();
  optimizer.dispose();
  tf.dispose([w, factor]);
  // Momentum.dispose leaves its constant m behind (tensorflow/tfjs#4647)
  expect(tf.memory().numTensors).toBe(before + 1);
  return seen;
}

describe('in a session', () => {
  // Momentum of gradient g after two steps: g, 1.5 g; weights move by −0.125 (1 + 1.5) g. Index 3 becomes 1 − 1.25 and
  // is the smallest; trunc(4 · 0.25) = 1 moves, to index 7 with the largest gradient.
  const options = { sparsity: 0.5, cadence, dropFraction: 0.25, anneal: 'constant' } as const;

  it('rigl R3: what grows starts at 0 with momentum 0, and (rigl#14) masked entries have a gradient', async () => {
    const [, before, after] = await looks(rigl(options), 3);
    expect(before?.mask).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect(after?.mask).toEqual([1, 1, 1, 0, 0, 0, 0, 1]);
    expect(after?.weights.slice(3)).toEqual([0, 0, 0, 0, 0]);
    expect(after?.momentum.slice(3)).toEqual([0, 0, 0, 0, 0]);
  });

  it('rigl R9: an update leaves the weights and momentum that stay as they were', async () => {
    const [, before, after] = await looks(rigl(options), 3);
    expect(before?.weights.slice(0, 3)).toEqual([80 - 0.3125, 60 - 0.625, 70 - 0.9375]);
    expect(after?.weights.slice(0, 3)).toEqual(before?.weights.slice(0, 3));
    expect(after?.momentum.slice(0, 3)).toEqual([1.5, 3, 4.5]);
  });

  it('rigl with optimizer: apply updates the weights on the same step', async () => {
    const [, before, after] = await looks(rigl({ ...options, optimizer: 'apply' }), 3);
    expect(after?.mask).toEqual([1, 1, 1, 0, 0, 0, 0, 1]);
    expect(after?.momentum.slice(0, 3)).toEqual([1.75, 3.5, 5.25]);
    expect(after?.weights[0]).toBe((before?.weights[0] ?? 0) - 0.125 * 1.75);
  });

  it('rigl R2, rigl R7: masks hold between updates, and masked weights are exactly 0', async () => {
    const seen = await looks(rigl(options), 6);
    for (const { mask, weights } of seen.slice(2)) {
      expect(mask).toEqual([1, 1, 1, 0, 0, 0, 0, 1]);
      expect(weights.slice(3, 7)).toEqual([0, 0, 0, 0]);
      expect(weights[7]).toBeLessThanOrEqual(0);
    }
    expect(seen[3]?.weights[7]).toBe(-1); // 0 − 0.125 · 8: the new connection learns from the next step on
  });

  it('rigl: a connection that is dropped and grown again keeps its weight and momentum', async () => {
    // All four are dropped, and the gradients 8, 7, 6, 5 grow; so drop and grow on a slope that prefers the active
    // ones.
    slope.reverse();
    try {
      const [, before, after] = await looks(rigl({ ...options, dropFraction: 1 }), 3);
      expect(after).toEqual(before);
      expect(after?.momentum.slice(0, 4)).toEqual([12, 10.5, 9, 7.5]);
    } finally {
      slope.reverse();
    }
  });

  it('set updates first and then moves what is smallest', async () => {
    const [, before, after] = await looks(set(options), 3);
    expect(after?.weights[0]).toBe((before?.weights[0] ?? 0) - 0.125 * 1.75);
    expect(after?.mask.slice(0, 3)).toEqual([1, 1, 1]);
    expect(after?.mask.filter(Boolean)).toHaveLength(4);
  });

  it('granet N3: what it prunes and grows again in one decision starts at 0 with momentum 0', async () => {
    // The updates of positions 0 to 2 move a weight of gradient g by −0.125 (1 + 1.5 + 1.75) g = −0.53125 g. The four
    // largest are then 0, 1, 2 and 4 (5 − 2.656); one of four is exchanged: 4 drops, and 7 grows, which is active until
    // this decision.
    const method = granet({
      sparsity: 0.5,
      initialSparsity: 0,
      cadence,
      trainingSteps: 10,
      regrowFraction: 0.25,
      finalRegrowFraction: 0.25,
    });
    const [, before, after] = await looks(method, 3, new Map());
    expect(before?.mask[7]).toBe(1);
    expect(after?.mask).toEqual([1, 1, 1, 0, 0, 0, 0, 1]);
    expect(after?.weights.slice(3)).toEqual([0, 0, 0, 0, 0]);
    expect(after?.momentum).toEqual([1.75, 3.5, 5.25, 0, 0, 0, 0, 0]);
  });

  it('granet N3, granet N8: what was masked and grows starts at 0, and momentum is 0 at masked places', async () => {
    // From given masks at 50 % to 50 %: ceil(0.25 · 4) = 1 moves.
    const method = granet({
      sparsity: 0.5,
      cadence,
      trainingSteps: 10,
      regrowFraction: 0.25,
      finalRegrowFraction: 0.25,
    });
    const [, before, after] = await looks(method, 3);
    expect(after?.mask).toEqual([1, 1, 1, 0, 0, 0, 0, 1]);
    expect(after?.weights.slice(3)).toEqual([0, 0, 0, 0, 0]);
    expect(after?.momentum).toEqual([1.75, 3.5, 5.25, 0, 0, 0, 0, 0]);
    expect(after?.weights[0]).toBe((before?.weights[0] ?? 0) - 0.125 * 1.75);
  });
});
