import { keptCount, polynomial } from '@espalier/core';
import { toyModel } from '@espalier/core/testing';
import { disposeOptimizer, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { movement } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const [rate, sparsity, end] = [0.2, 0.75, 30];
const schedule = polynomial({ to: sparsity, start: 0, end: 20 });
const names = ['hidden/kernel', 'head/kernel'];

/** The largest scores of a layer at a position, by sorting. */
function chosen(scores: readonly number[], position: number): Set<number> {
  const ranked = scores.map((_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  return new Set(ranked.slice(0, keptCount(scores.length, schedule(position))));
}

/** The algorithm on plain arrays: weights and scores, gradients at the masked weights. */
async function reference(trainMasked: boolean): Promise<Map<string, number[]>> {
  const { weights, loss, dispose } = toyModel();
  const trainable = weights.filter(({ variable }) => variable.trainable);
  const raw = new Map<string, number[]>();
  for (const { name, variable } of trainable) raw.set(name, [...(await variable.data())]);
  const scores = new Map(names.map(name => [name, (raw.get(name) ?? []).map(() => 0)]));
  const active = new Map(names.map(name => [name, new Set((raw.get(name) ?? []).keys())]));
  const show = (): void => {
    for (const { name, variable } of trainable) {
      const seen = (raw.get(name) ?? []).map((w, i) => (active.get(name)?.has(i) === false ? 0 : w));
      tf.tidy(() => variable.assign(tf.tensor(seen, variable.shape)));
    }
  };
  for (let position = 0; position <= end; position++) {
    const variables = trainable.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(loss, variables);
    for (const { name, variable } of trainable) {
      const gradient = (await grads[variable.name]?.data()) ?? [];
      const before = raw.get(name) ?? [];
      scores.set(name, scores.get(name)?.map((s, i) => s - rate * (gradient[i] ?? 0) * (before[i] ?? 0)) ?? []);
      const stays = (i: number): boolean => !trainMasked && active.get(name)?.has(i) === false;
      raw.set(
        name,
        before.map((w, i) => (stays(i) ? w : w - rate * (gradient[i] ?? 0))),
      );
    }
    tf.dispose([value, grads]);
    if (position % 3 === 0) for (const name of names) active.set(name, chosen(scores.get(name) ?? [], position));
    show();
  }
  const result = new Map<string, number[]>();
  for (const { name, variable } of trainable) result.set(name, [...(await variable.data())]);
  dispose();
  return result;
}

it.each([false, true])('gives the weights of the algorithm on plain arrays (trainMasked: %s)', async trainMasked => {
  const before = tf.memory().numTensors;
  const { weights, loss, dispose } = toyModel();
  const optimizer = tf.train.sgd(rate);
  let grown = 0;
  const method = movement({ sparsity, schedule, cadence: { start: 0, end, every: 3 }, trainMasked });
  const session = await PruningSession.start(method, {
    weights,
    optimizer,
    onDecision: ({ changed }) => {
      grown += changed.grown;
    },
  });
  while (session.clock.position <= end) await session.step(loss);

  const expected = await reference(trainMasked);
  for (const { name, variable } of weights.filter(weight => expected.has(weight.name))) {
    const values = await variable.data();
    expected.get(name)?.forEach((w, i) => {
      expect(values[i], `${name} ${i}`).toBeCloseTo(w, 4);
      expect(values[i] === 0, `${name} ${i}`).toBe(w === 0);
    });
  }
  expect(grown).toBeGreaterThan(0); // otherwise the scores beneath the mask would not have been seen
  session.dispose();
  disposeOptimizer(optimizer);
  dispose();
  expect(tf.memory().numTensors).toBe(before);
});
