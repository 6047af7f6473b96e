import { keptCount, polynomial } from '@espalier/core';
import { toyModel } from '@espalier/core/testing';
import { disposeOptimizer, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { dpf } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const [rate, decay, sparsity, end] = [0.2, 1e-2, 0.75, 30];
const schedule = polynomial({ to: sparsity, start: 0, end: 20 });
const names = ['hidden/kernel', 'head/kernel'];

/** The algorithm on plain arrays: dense weights, gradients at the masked ones, one global ranking by sorting. */
async function reference(): Promise<Map<string, number[]>> {
  const { weights, loss, dispose } = toyModel();
  const trainable = weights.filter(({ variable }) => variable.trainable);
  const dense = new Map<string, number[]>();
  for (const { name, variable } of trainable) dense.set(name, [...(await variable.data())]);
  let masked = new Set<string>();
  const show = (): void => {
    for (const { name, variable } of trainable) {
      const seen = (dense.get(name) ?? []).map((w, i) => (masked.has(`${name} ${i}`) ? 0 : w));
      tf.tidy(() => variable.assign(tf.tensor(seen, variable.shape)));
    }
  };
  for (let position = 0; position <= end; position++) {
    const { value, grads } = tf.variableGrads(
      loss,
      trainable.map(({ variable }) => variable),
    );
    for (const { name, variable } of trainable) {
      const gradient = (await grads[variable.name]?.data()) ?? [];
      const shrink = names.includes(name) ? decay : 0;
      dense.set(name, dense.get(name)?.map((w, i) => w - rate * ((gradient[i] ?? 0) + shrink * w)) ?? []);
    }
    tf.dispose([value, grads]);
    if (position % 3 === 0) {
      const entries = names.flatMap(name => (dense.get(name) ?? []).map((w, i) => ({ at: `${name} ${i}`, w })));
      const ranked = entries.sort((a, b) => Math.abs(b.w) - Math.abs(a.w)).map(({ at }) => at);
      masked = new Set(ranked.slice(keptCount(ranked.length, schedule(position))));
    }
    show();
  }
  const result = new Map<string, number[]>();
  for (const { name, variable } of trainable) result.set(name, [...(await variable.data())]);
  dispose();
  return result;
}

it('gives the weights that the algorithm gives on plain arrays', async () => {
  const before = tf.memory().numTensors;
  const { weights, loss, dispose } = toyModel();
  const optimizer = tf.train.sgd(rate);
  let grown = 0;
  const session = await PruningSession.start(dpf({ sparsity, schedule, cadence: { start: 0, end, every: 3 } }), {
    weights,
    optimizer,
    weightDecay: decay,
    onDecision: ({ changed }) => (grown += changed.grown),
  });
  while (session.clock.position <= end) await session.step(loss);

  const expected = await reference();
  for (const { name, variable } of weights.filter(weight => expected.has(weight.name))) {
    const values = await variable.data();
    expected.get(name)?.forEach((w, i) => {
      expect(values[i], `${name} ${i}`).toBeCloseTo(w, 5);
      expect(values[i] === 0, `${name} ${i}`).toBe(w === 0);
    });
  }
  expect(grown).toBeGreaterThan(0); // otherwise feedback would not have been seen

  // Fine-tuning under the last mask: baked weights stay at 0, and the others move.
  const masks = new Map(session.masks);
  const atEnd = await Promise.all(weights.map(({ variable }) => variable.data()));
  for (let step = 0; step < 5; step++) await session.step(loss);
  expect(session.masks).toEqual(masks);
  for (const name of names) {
    const place = weights.findIndex(weight => weight.name === name);
    const after = await weights[place]?.variable.data();
    const mask = masks.get(name);
    expect(after?.some((w, i) => w !== atEnd[place]?.[i])).toBe(true);
    after?.forEach((w, i) => {
      if (!mask?.[i]) expect(w).toBe(0);
    });
  }
  session.dispose();
  disposeOptimizer(optimizer);
  dispose();
  expect(tf.memory().numTensors).toBe(before);
});
