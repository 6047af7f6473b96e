import { keptCount } from '@espalier/core';
import { toyModel } from '@espalier/core/testing';
import { disposeOptimizer, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { dnw } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const [rate, momentum, sparsity, end] = [0.1, 0.9, 0.8, 24];
const names = ['hidden/kernel', 'head/kernel'];

/** `w` where it belongs to the largest of its layer, 0 elsewhere. */
function topOf(edges: readonly number[]): number[] {
  const ranked = edges.map((_, i) => i).sort((a, b) => Math.abs(edges[b] ?? 0) - Math.abs(edges[a] ?? 0));
  const used = new Set(ranked.slice(0, keptCount(edges.length, sparsity)));
  return edges.map((w, i) => (used.has(i) ? w : 0));
}

/** The algorithm on plain arrays: top edges in every forward pass, momentum on all of them. */
async function reference(): Promise<Map<string, number[]>> {
  const { weights, loss, dispose } = toyModel();
  const trainable = weights.filter(({ variable }) => variable.trainable);
  const all = new Map<string, { name: string; edges: number[]; velocity: number[] }>();
  for (const { name, variable } of trainable) {
    const edges = [...(await variable.data())];
    all.set(variable.name, { name, edges, velocity: edges.map(() => 0) });
  }
  const show = (): void => {
    for (const { variable } of trainable) {
      const { name, edges } = all.get(variable.name) ?? { name: '', edges: [] };
      tf.tidy(() => variable.assign(tf.tensor(names.includes(name) ? topOf(edges) : edges, variable.shape)));
    }
  };
  for (let position = 0; position <= end; position++) {
    show();
    const variables = trainable.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(loss, variables);
    for (const [variable, { edges, velocity }] of all) {
      const gradient = (await grads[variable]?.data()) ?? [];
      edges.forEach((w, i) => {
        velocity[i] = momentum * (velocity[i] ?? 0) + (gradient[i] ?? 0);
        edges[i] = w - rate * velocity[i];
      });
    }
    tf.dispose([value, grads]);
  }
  show();
  const result = new Map<string, number[]>();
  for (const { name, variable } of trainable) result.set(name, [...(await variable.data())]);
  dispose();
  return result;
}

it('gives the weights that the algorithm gives on plain arrays', async () => {
  const before = tf.memory().numTensors;
  const { weights, loss, dispose } = toyModel();
  const optimizer = tf.train.momentum(rate, momentum);
  let swapped = 0;
  const session = await PruningSession.start(dnw({ sparsity, end }), {
    weights,
    optimizer,
    onDecision: ({ changed }) => (swapped += changed.grown),
  });
  while (session.clock.position <= end) {
    // Real zeros in every forward pass, the first included.
    for (const { name, variable } of weights.filter(weight => weight.prunable)) {
      const used = (await variable.data()).filter(w => w !== 0).length;
      expect(used, `${name} before step ${session.clock.step}`).toBe(keptCount(variable.size, sparsity));
    }
    await session.step(loss);
  }

  const expected = await reference();
  for (const { name, variable } of weights.filter(weight => expected.has(weight.name))) {
    const values = await variable.data();
    expected.get(name)?.forEach((w, i) => {
      expect(values[i], `${name} ${i}`).toBeCloseTo(w, 4);
      expect(values[i] === 0, `${name} ${i}`).toBe(w === 0);
    });
  }
  expect(swapped).toBeGreaterThan(0); // otherwise the straight-through gradient would not have been seen
  session.dispose();
  disposeOptimizer(optimizer);
  dispose();
  expect(tf.memory().numTensors).toBe(before);
});
