import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeBackend, useBackend } from './index.js';
import type { BackendName } from './types.js';

describe('useBackend', () => {
  beforeEach(() => useBackend('cpu'));

  it('makes the named backend the current one and describes it', async () => {
    const before = tf.memory().numTensors;
    const description = await useBackend('wasm');
    expect(tf.getBackend()).toBe('wasm');
    expect(description).toMatchObject({ name: 'wasm', registeredAs: 'wasm', simd: true, threads: 1, passedOver: [] });
    expect(description.tfjsVersion).toBe(tf.version_core);
    expect(description.runtime).toMatchObject({ kind: 'node', version: process.versions.node });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('settles on WASM where neither tfjs-node nor WebGPU is installed, with one line of reason for each', async () => {
    const { name, passedOver } = await useBackend('auto');
    expect(name).toBe('wasm');
    expect(passedOver).toEqual([
      { name: 'tfjs-node-gpu', reason: '@tensorflow/tfjs-node-gpu is not installed' },
      { name: 'tfjs-node', reason: '@tensorflow/tfjs-node is not installed' },
      { name: 'webgpu', reason: 'webgpu is not installed' },
    ]);
  });

  it('throws reason and remedy for a named backend that is not installed, and leaves the current one', async () => {
    await expect(useBackend('tfjs-node')).rejects.toMatchObject({
      name: 'BackendUnavailableError',
      code: 'BACKEND_UNAVAILABLE',
      backend: 'tfjs-node',
      reason: '@tensorflow/tfjs-node is not installed',
      remedy: expect.stringContaining('npx @espalier/backend install-native'),
    });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('refuses a name that does not exist and lists those that do', async () => {
    await expect(useBackend('cuda' as BackendName)).rejects.toMatchObject({
      code: 'UNKNOWN_BACKEND',
      message: expect.stringContaining('tfjs-node-gpu, tfjs-node, webgpu, wasm, cpu'),
    });
  });

  it('runs overlapping calls one after the other, so that each describes its own backend', async () => {
    const names = await Promise.all([useBackend('wasm'), useBackend('cpu'), useBackend('wasm')]);
    expect(names.map(({ name }) => name)).toEqual(['wasm', 'cpu', 'wasm']);
    expect(tf.getBackend()).toBe('wasm');
  });

  it('goes on after a call that failed', async () => {
    const failing = useBackend('cuda' as BackendName);
    const following = useBackend('wasm');
    await expect(failing).rejects.toThrow();
    expect((await following).name).toBe('wasm');
  });
});

describe('describeBackend', () => {
  it('gives plain data that survives JSON', async () => {
    const description = await useBackend('auto');
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
    expect(await describeBackend()).toEqual(description);
  });

  it('describes a backend that was set without useBackend', async () => {
    await useBackend('cpu');
    await tf.setBackend('wasm');
    expect(await describeBackend()).toMatchObject({ name: 'wasm', simd: true });
  });
});
