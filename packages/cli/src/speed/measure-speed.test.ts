import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model as makeModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkpointOf, tiny } from '../../test/checkpoint-of.js';
import { formatSpeedReport } from './format-speed-report.js';
import { measureSpeed } from './measure-speed.js';
import { withoutZeros } from './without-zeros.js';

beforeEach(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });
afterEach(() => {
  expect(tf.getBackend()).toBe('cpu');
});

const masked = { 'conv/kernel': [0, 1, 2, 3, 4, 5, 6, 7, 8], 'head/kernel': [0, 1, 2, 3, 4, 5] };
const quick = { threads: 1, rounds: 2 };

it('times the sparse plan, the plan without zeros and TensorFlow.js, whose outputs agree', async () => {
  const report = await measureSpeed(await checkpointOf(tiny(), masked), { ...quick, instructions: 'simd', batch: 3 });
  // 9·4 of the convolution and 18 of the head are left of 72 and 24: 54 of 96 multiply-accumulates, 2 operations each.
  expect(report).toMatchObject({
    leftOut: [],
    sparsity: { prunable: 15 / 42, all: 15 / 53 },
    flops: { dense: 192, sparse: 108 },
    flopDensity: 54 / 96,
    threads: 1,
    batch: 3,
    rounds: 2,
    tuned: true,
    instructions: 'simd',
    layers: null,
    machine: { node: process.versions.node, v8: process.versions.v8 },
  });
  expect(report.candidates.map(({ name, threads, flopDensity }) => [name, threads, flopDensity])).toEqual([
    ['sparse', 1, 54 / 96],
    ['dense', 1, 1],
    ['tfjs-wasm', 1, 1],
  ]);
  for (const { milliseconds, ratio, difference } of report.candidates) {
    expect(milliseconds.minimum).toBeGreaterThan(0);
    expect(milliseconds.median).toBeGreaterThanOrEqual(milliseconds.minimum);
    for (const { median, quartiles } of [milliseconds, ratio]) {
      expect(quartiles[0]).toBeLessThanOrEqual(median);
      expect(quartiles[1]).toBeGreaterThanOrEqual(median);
    }
    expect(difference).toBeLessThan(1e-5);
  }
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

it('times every layer of both plans on request, and prints everything', async () => {
  const checkpoint = await checkpointOf(tiny(), masked);
  const report = await measureSpeed(checkpoint, { ...quick, threads: 2, perLayer: true, tune: false });
  expect(report.layers).toEqual(
    expect.arrayContaining([
      { name: 'conv', kind: 'convolution', density: 0.5, sparse: expect.any(Number), dense: expect.any(Number) },
      { name: 'head', kind: 'dense', density: 0.75, sparse: expect.any(Number), dense: expect.any(Number) },
    ]),
  );
  const text = formatSpeedReport(report);
  expect(text).toContain('35.7 % of the prunable weights pruned, 28.3 % of all. FLOP density 56.3 %');
  expect(text).toMatch(/^sparse +2 /m);
  expect(text).toMatch(/^dense +2 .*×/m);
  expect(text).toMatch(/^tfjs-wasm +1 .*×/m);
  expect(text).toMatch(/^conv +convolution +50\.0 %/m);
  expect(text).toContain('with a value too small to matter in place of every zero');
  expect(text).toContain('--threads 1');
  expect(text).toContain(`Node ${process.versions.node}`);
});

it('times networks of several inputs and outputs, whose outputs agree', async () => {
  const left = input({ shape: [6, 6, 2], name: 'left' });
  const right = input({ shape: [5], name: 'right' });
  const map = layers.conv2d({ name: 'conv', filters: 3, kernelSize: 3 }).apply(left);
  const pooled = layers.globalAveragePooling2d({}).apply(map) as typeof right;
  const both = layers.concatenate().apply([pooled, right]);
  const outputs = ['first', 'second'].map(
    (name, i) => layers.dense({ name, units: 2 + i }).apply(both) as typeof right,
  );
  const checkpoint = await checkpointOf(makeModel({ inputs: [left, right], outputs }));
  const report = await measureSpeed(checkpoint, { ...quick, perLayer: true, tune: false });
  expect(report.candidates.map(({ name }) => name)).toEqual(['sparse', 'dense', 'tfjs-wasm']);
  for (const { difference } of report.candidates) expect(difference).toBeLessThan(1e-5);
  expect(report.layers?.map(({ name }) => name)).toEqual(expect.arrayContaining(['first', 'second']));
});

it('leaves TensorFlow.js out if it is told to, and gives both plans the same threads', async () => {
  const { candidates, leftOut, threads } = await measureSpeed(await checkpointOf(tiny(), masked), {
    rounds: 1,
    tfjs: false,
  });
  // Of the threads that the sparse plan chooses for itself.
  expect(candidates.map(each => [each.name, each.threads])).toEqual([
    ['sparse', threads],
    ['dense', threads],
  ]);
  expect(leftOut).toEqual([]);
});

it('compares the plans of a network whose kernels are all masked', async () => {
  const all = (size: number): number[] => Array.from({ length: size }, (_, index) => index);
  const checkpoint = await checkpointOf(tiny(), { 'conv/kernel': all(18), 'head/kernel': all(24) });
  const { candidates, flopDensity } = await measureSpeed(checkpoint, quick);
  expect(flopDensity).toBe(0);
  expect(candidates.map(each => each.flopDensity)).toEqual([0, 1, 1]);
});

it('puts 1e-14 of the largest weight in place of the zeros of prunable weights alone', async () => {
  const checkpoint = await checkpointOf(tiny(), masked);
  const bias = checkpoint.weights.get('head/bias');
  bias?.values.set([0], 1);
  const dense = withoutZeros(checkpoint);
  const filling = Math.fround(1e-14);
  expect([...(dense.weights.get('head/kernel')?.values.slice(4, 8) ?? [])]).toEqual([filling, filling, 1, 1]);
  expect(dense.weights.get('head/bias')?.values).toEqual(Float32Array.of(1, 0, 1));
  expect(checkpoint.weights.get('head/kernel')?.values[0]).toBe(0);
});

it('compares the plans of a network that multiplies what an emptied layer gives by millions', async () => {
  const x = input({ shape: [6, 6, 2] });
  let y = layers.conv2d({ name: 'conv', filters: 1, kernelSize: 3 }).apply(x);
  // Each divides by √1e-6: the two multiply by 10^6.
  for (let i = 0; i < 2; i++) {
    y = layers.batchNormalization({ name: `norm${i}`, epsilon: 1e-6 }).apply(y);
  }
  y = layers.dense({ name: 'head', units: 2 }).apply(layers.flatten().apply(y));
  const emptied = { 'conv/kernel': Array.from({ length: 18 }, (_, index) => index) };
  const checkpoint = await checkpointOf(makeModel({ inputs: x, outputs: y as typeof x }), emptied);
  for (const [name, { values }] of checkpoint.weights) {
    if (/beta|moving_mean|moving_variance|conv.bias/.test(name)) values.fill(0);
  }
  const { candidates } = await measureSpeed(checkpoint, quick);
  expect(candidates.map(each => each.difference)).toEqual([0, expect.any(Number), 0]);
});

it('refuses a checkpoint without topology and layers that the runtime does not know, by code', async () => {
  const checkpoint = await checkpointOf(tiny(), masked);
  await expect(measureSpeed({ ...checkpoint, model: null })).rejects.toMatchObject({
    code: 'CHECKPOINT_MISMATCH',
    message: expect.stringContaining('session.checkpoint({ model })'),
  });
  const x = input({ shape: [6, 6, 2] });
  const layer = layers.layerNormalization();
  const odd = await checkpointOf(makeModel({ inputs: x, outputs: layer.apply(x) as typeof x }));
  await expect(measureSpeed(odd)).rejects.toMatchObject({ code: 'UNSUPPORTED_LAYERS' });
});

it.each(['Compiling the sparse', 'Compiling the dense', 'Timing'])(
  'gives everything back if it is stopped at "%s"',
  async stage => {
    const controller = new AbortController();
    const measuring = measureSpeed(await checkpointOf(tiny(), masked), {
      ...quick,
      signal: controller.signal,
      onProgress: activity => {
        if (activity.startsWith(stage)) controller.abort();
      },
    });
    await expect(measuring).rejects.toMatchObject({ name: 'AbortError' });
  },
);
