import type { Checkpoint, MethodState } from '@espalier/core';
import { fixed, keptCount, type PruningMethod } from '@espalier/core';
import { guardTensors, toyModel } from '@espalier/core/testing';
import { type CheckpointOptions, disposeOptimizer, loadWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { combine, contiguous, gap, parallelGap, pruneCheckpoint } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

interface Part {
  readonly steps: number;
  /** The sparse model to go on from; absent: the toy model as it is built. */
  readonly from?: Pick<Checkpoint, 'weights' | 'masks'>;
  readonly save?: CheckpointOptions;
  readonly afterStep?: (session: PruningSession<MethodState>, position: number) => Promise<void>;
}

/** Trains a toy model with a new session and a new optimizer, and returns how it ends. */
async function train(method: PruningMethod, { steps, from, save, afterStep }: Part): Promise<[Checkpoint, number]> {
  const model = toyModel();
  const optimizer = tf.train.adam(0.02);
  if (from) loadWeights(model.weights, from);
  const masks = from ? { masks: from.masks } : {};
  const session = await PruningSession.start(method, { weights: model.weights, optimizer, seed: 1, ...masks });
  let loss = Number.NaN;
  for (let i = 0; i < steps; i++) {
    loss = await session.step(model.loss);
    await afterStep?.(session, i);
  }
  const checkpoint = await session.checkpoint(save);
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  return [checkpoint, loss];
}

const sparsity = 0.75;
const any = (method: unknown): PruningMethod => method as PruningMethod;

/** P-GaP in one process: one copy after another, then combine and prune. */
async function parallelRun(
  partitions: number,
  rounds: number,
  steps: number,
  begin?: Part['from'],
  look: (combined: Checkpoint, copies: readonly Checkpoint[]) => void = () => {},
): Promise<Checkpoint> {
  let model: Part['from'] = begin;
  let result: Checkpoint | undefined;
  for (let round = 0; round < rounds; round++) {
    const copies: Checkpoint[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      const method = parallelGap({ sparsity, partitions, partition });
      const part = { steps, save: { slots: false }, ...(model ? { from: model } : {}) };
      copies.push((await train(any(method), part))[0]);
    }
    const combined = combine(copies, partitions);
    look(combined, copies);
    result = pruneCheckpoint(combined, { sparsity });
    model = result;
  }
  if (!result) throw new Error('no round');
  return result;
}

describe('C-GaP in a session', () => {
  it('gap G7: slots are 0, Adam counts anew, and the learning rate is at its start after every turn', async () => {
    const learningRate = [{ shape: 'linear', length: 5, from: 0.04, to: 0.01 }] as const;
    const method = gap({ sparsity, partitions: 2, turns: 4, turnLength: 5, learningRate });
    const rates: number[] = [];
    let turns = 0;
    await train(any(method), {
      steps: 25,
      afterStep: async (session, position) => {
        rates.push(session.learningRate);
        const { slots, optimizer } = await session.checkpoint();
        const fresh = slots.every(({ values }) => values.every(value => value === 0));
        const due = position % 5 === 4 && position < 20;
        expect([position, fresh]).toEqual([position, due]);
        if (due) turns++;
        // β₁ = 0.9 at the first step after a turn: Adam's bias correction starts with the turn.
        if (due) expect(optimizer?.powers[0]).toBeCloseTo(0.9, 6);
      },
    });
    expect(turns).toBe(4);
    // Rate of the next step: 0.04 − 0.006 j within a turn, the optimizer's own 0.02 after the last.
    expect(rates.slice(0, 6).map(rate => Number(rate.toFixed(6)))).toEqual([0.034, 0.028, 0.022, 0.016, 0.04, 0.034]);
    expect(rates.slice(19).map(rate => Number(rate.toFixed(6)))).toEqual([0.02, 0.02, 0.02, 0.02, 0.02, 0.02]);
  });

  it('gap G2: masked weights train on from 0 once their partition grows', async () => {
    const method = gap({ sparsity, partitions: 2, turns: 2, turnLength: 5 });
    const zeros: number[] = [];
    let rows: number[] = [];
    await train(any(method), {
      steps: 7,
      afterStep: async session => {
        const values = (await session.checkpoint()).weights.get('head/kernel')?.values ?? new Float32Array();
        rows = Array.from({ length: 8 }, (_, unit) => values.slice(3 * unit, 3 * unit + 3).filter(w => w === 0).length);
        zeros.push(rows.reduce((sum, count) => sum + count, 0));
      },
    });
    // 24 entries, round(24 · 0.25) = 6 active up to the decision after step 5. The next step moves all but the three of
    // the one hidden unit that is never above 0, which therefore have no gradient.
    expect(zeros).toEqual([18, 18, 18, 18, 18, 3, 3]);
    expect(rows.toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 3]);
  });
});

describe('P-GaP in one process', () => {
  it('gap G5: combines trained copies bit for bit, and the pruned model has exact counts and learns', async () => {
    let rounds = 0;
    const sparse = await parallelRun(2, 3, 8, undefined, (combined, copies) => {
      rounds++;
      for (const [name, { values }] of combined.weights) {
        const from = name.startsWith('hidden') ? 0 : 1;
        expect(values).toEqual(copies[from]?.weights.get(name)?.values);
        if (name !== 'counter') expect(values).not.toEqual(copies[1 - from]?.weights.get(name)?.values);
      }
    });
    expect(rounds).toBe(3);
    const [end, loss] = await train(any(fixed()), { steps: 20, from: sparse });
    const [, untrained] = await train(any(fixed()), { steps: 1 });
    expect(end.weights.get('hidden/kernel')?.values.filter(w => w !== 0)).toHaveLength(keptCount(48, sparsity));
    expect(end.weights.get('head/kernel')?.values.filter(w => w !== 0)).toHaveLength(keptCount(24, sparsity));
    expect(loss).toBeLessThan(0.7 * untrained); // 0.648 against 1.235
  });

  it('gap G6: with one partition equals C-GaP with one partition bit for bit', async () => {
    const [dense] = await train(any(fixed()), { steps: 1 });
    const begin = pruneCheckpoint(dense, { sparsity });
    const parallel = await parallelRun(1, 3, 6, begin);
    const cyclic = gap({ sparsity, partitions: contiguous(1), turns: 3, turnLength: 6 });
    const [sequential] = await train(any(cyclic), { steps: 18, from: begin });
    for (const [name, { values }] of sequential.weights) {
      if (name !== 'counter') expect([name, ...(parallel.weights.get(name)?.values ?? [])]).toEqual([name, ...values]);
    }
    expect(parallel.masks).toEqual(sequential.masks);
  });
});
