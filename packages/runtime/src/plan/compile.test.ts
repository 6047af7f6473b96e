import '@tensorflow/tfjs-backend-cpu';
import { type Checkpoint, encodeCheckpoint, fixed } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { smallConvNet } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, noise, predicted, sparsify } from '../../test/plan/compare.js';
import { toyGraph } from '../../test/plan/toy-graph.js';
import type { Graph } from '../graph/graph.js';
import { compile } from './compile.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A checkpoint of a small network with random masks, its model, and an input. */
async function pruned(): Promise<{ checkpoint: Checkpoint; input: Float32Array; expected: Float32Array }> {
  const model = smallConvNet({ inputShape: [12, 12, 3], classes: 5 });
  sparsify(model, 0.3, 21);
  const masks = new Map<string, Uint8Array>();
  for (const { name, variable } of modelWeights(model)) {
    if (name.endsWith('kernel'))
      masks.set(
        name,
        Uint8Array.from(await variable.data(), value => Number(value !== 0)),
      );
  }
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer, masks });
  const checkpoint = await session.checkpoint({ model, slots: false });
  const input = noise(12 * 12 * 3, 4);
  const expected = await predicted(model, input);
  session.dispose();
  optimizer.dispose();
  model.dispose();
  return { checkpoint, input, expected };
}

describe('compile', () => {
  it('takes a checkpoint and its bytes', async () => {
    const before = tf.memory().numTensors;
    const { checkpoint, input, expected } = await pruned();
    for (const source of [checkpoint, encodeCheckpoint(checkpoint)]) {
      const plan = await compile(source, { threads: 1 });
      expectClose(await plan.run(input), expected);
      expect(plan.summary.flopDensity).toBeLessThan(0.5);
      await plan.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([1, 2])('gives the same result whatever instructions the engine has, on %d threads', async threads => {
    const results: Float32Array[] = [];
    for (const instructions of ['simd', 'auto'] as const) {
      const plan = await compile(toyGraph(), { threads, instructions });
      results.push(await plan.run(noise(12 * 12 * 3, 7)));
      await plan.dispose();
    }
    expectClose(results[1]!, results[0]!);
  });

  it('leaves out nodes that the result does not need', async () => {
    const whole = toyGraph();
    const graph: Graph = { ...whole, nodes: [...whole.nodes, { ...whole.nodes[1]!, name: 'unused' }] };
    const plan = await compile(graph, { threads: 1 });
    expect(plan.summary.layers.map(({ name }) => name)).toEqual(['conv', 'pool', 'head']);
    await plan.dispose();
  });

  it('joins and adds a value to itself', async () => {
    const graph: Graph = {
      input: { name: 'x', shape: [3] },
      nodes: [
        { kind: 'concat', name: 'twice', inputs: ['x', 'x'], shape: [6] },
        { kind: 'add', name: 'sum', inputs: ['twice', 'twice'], shape: [6], activation: 'relu' },
        { kind: 'concat', name: 'all', inputs: ['twice', 'sum', 'x'], shape: [15] },
      ],
      output: 'all',
    };
    const plan = await compile(graph, { threads: 1 });
    // x, x; then max(0, 2x) twice; then x.
    expect([...(await plan.run(Float32Array.of(1, -2, 3)))]).toEqual([1, -2, 3, 1, -2, 3, 2, 0, 6, 2, 0, 6, 1, -2, 3]);
    await plan.dispose();
  });

  it.each([
    ['bytes that are no checkpoint', Uint8Array.of(1, 2, 3), 'CORRUPT_CHECKPOINT'],
    ['no bytes', new Uint8Array(), 'CORRUPT_CHECKPOINT'],
    ['a graph with an unknown input', { ...toyGraph(), input: { name: 'other', shape: [12, 12, 3] } }, 'INVALID_GRAPH'],
    ['a graph with an unknown output', { ...toyGraph(), output: 'tail' }, 'INVALID_GRAPH'],
    ['a graph of the wrong shapes', { ...toyGraph(), input: { name: 'image', shape: [12, 13, 3] } }, 'INVALID_GRAPH'],
    ['a graph of impossible size', { ...toyGraph(), input: { name: 'image', shape: [1e6, 1e6, 3] } }, 'INVALID_GRAPH'],
    ['nothing', null, 'INVALID_OPTION'],
    ['an empty object', {}, 'INVALID_OPTION'],
    ['a text', 'resnet20', 'INVALID_OPTION'],
  ])('refuses %s', async (_, source, code) => {
    await expect(compile(source as Graph)).rejects.toMatchObject({ code });
  });

  it('refuses a checkpoint without its model', async () => {
    const { checkpoint } = await pruned();
    await expect(compile({ ...checkpoint, model: null })).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
  });

  it('refuses a checkpoint whose bytes are damaged, wherever they are', async () => {
    const { checkpoint } = await pruned();
    const bytes = encodeCheckpoint(checkpoint);
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 20)) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      const outcome = await compile(damaged, { threads: 1 }).catch((error: { code: string }) => error.code);
      expect(outcome).toBe('CORRUPT_CHECKPOINT');
    }
  });

  it('refuses what does not fit into memory', async () => {
    // Three values of 16,384² pixels and 1 channel of 4 bytes: 3 GiB, two of them at once are 2 GiB.
    const same = { top: 0, bottom: 0, left: 0, right: 0 };
    const pool = { kind: 'pool', mode: 'max', size: [1, 2], strides: [1, 1], padding: { ...same, right: 1 } } as const;
    const graph: Graph = {
      input: { name: 'x', shape: [16_384, 16_384, 1] },
      nodes: [{ ...pool, name: 'y', inputs: ['x'], shape: [16_384, 16_384, 1] }],
      output: 'y',
    };
    await expect(compile(graph, { threads: 1 })).rejects.toMatchObject({ code: 'HEAP_FULL' });
  });
});
