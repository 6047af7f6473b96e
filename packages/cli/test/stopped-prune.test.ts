import '@tensorflow/tfjs-backend-cpu';
import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { runTraining } from '../src/commands/run.js';
import type { ParsedOptions } from '../src/options/read.js';
import { scratch, writeClasses, writeText } from './images.js';

const path = scratch();
beforeAll(async () => {
  await tf.setBackend('cpu');
  writeText(
    path('net.mjs'),
    'export default ({ layers: { layers, sequential } }) => sequential({ layers: [layers.flatten({ inputShape: [6, 6, 3] }), layers.dense({ units: 2 })] });',
  );
  await writeClasses(path('two'), { apple: 10, pear: 5 });
});

const prune = (more: object) =>
  runTraining('prune', {
    _: [],
    backend: 'cpu',
    model: path('net.mjs'),
    method: 'one-shot',
    steps: '0',
    ...more,
  } as unknown as ParsedOptions);

it.each([
  ['SIGINT', 130, 'without images', {}],
  ['SIGTERM', 143, 'without images', {}],
  ['SIGINT', 130, 'on images', { data: 'two' }],
] as const)(
  '%s ends a prune of no steps with %i %s, and nothing is written',
  async (signal, exitCode, _, { ...given }) => {
    const data = 'data' in given ? { data: path(given.data) } : {};
    const before = process.listenerCount(signal);
    const running = prune({ out: path('out'), ...data });
    while (process.listenerCount(signal) === before) await new Promise(resolve => setImmediate(resolve));
    process.emit(signal, signal);
    const outcome = await running;
    expect(outcome).toMatchObject({ exitCode, json: { command: 'prune', reason: 'aborted' } });
    expect(existsSync(path('out', 'model.safetensors'))).toBe(false);
  },
);

it('without a signal it ends with 0 and the network', async () => {
  expect((await prune({ out: path('out') })).exitCode).toBe(0);
  expect(existsSync(path('out', 'model.safetensors'))).toBe(true);
});
