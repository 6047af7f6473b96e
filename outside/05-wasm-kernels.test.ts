import '@tensorflow/tfjs-layers';
import { describeBackend, useBackend } from '@espalier/backend';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { families } from '../packages/backend/test/sweep/index.js';
import { sweep } from '../packages/backend/test/sweep/sweep.js';

beforeAll(async () => {
  await useBackend('cpu');
  await useBackend('wasm');
});

describe('training on wasm', () => {
  it.each(Object.keys(families))('%s gives what cpu gives, in many forms', async family => {
    expect(await sweep(family, 60)).toEqual([]);
  });

  it('gives the same gradients of a three-dimensional convolution every time', async () => {
    await useBackend('wasm');
    const steps: number[][] = [];
    for (let i = 0; i < 3; i++) {
      const f = (x: tf.Tensor): tf.Tensor => tf.conv3d(x as tf.Tensor5D, tf.ones([2, 2, 2, 1, 1]), 1, 'valid');
      const dx = tf.tidy(() => tf.grad(f)(tf.ones([1, 3, 3, 3, 1])));
      steps.push([...(await dx.data())]);
      dx.dispose();
    }
    // How many windows of 2 x 2 x 2 see each place: a corner 1, an edge 2, a face 4, the middle 8; 8 windows of 8
    // places.
    expect(steps[0]?.reduce((total, value) => total + value)).toBe(64);
    expect(steps[1]).toEqual(steps[0]);
    expect(steps[2]).toEqual(steps[0]);
  });

  it('sums up along the last axis, counted from either end, and leaves other tensors alone', async () => {
    await useBackend('wasm');
    const others = Array.from({ length: 20 }, () => tf.ones([64]));
    const sums = tf.cumsum(tf.tensor2d([1, 2, 3, 4], [2, 2]), -1);
    expect([...(await sums.data())]).toEqual([1, 3, 3, 7]);
    for (const other of others) expect(new Set(await other.data())).toEqual(new Set([1]));
    tf.dispose([sums, ...others]);
  });

  it('trains a network of every kind of layer with three-dimensional data as cpu does', async () => {
    const losses = async (backend: 'cpu' | 'wasm'): Promise<number[]> => {
      await useBackend(backend);
      const seed = (n: number) => tfl.initializers.glorotUniform({ seed: n });
      const model = tfl.sequential({
        layers: [
          tfl.layers.conv3d({
            inputShape: [6, 6, 6, 1],
            filters: 3,
            kernelSize: 3,
            strides: 2,
            padding: 'same',
            kernelInitializer: seed(1),
            activation: 'elu',
          }),
          tfl.layers.maxPooling3d({ poolSize: [2, 2, 2], strides: [1, 1, 1] }),
          tfl.layers.flatten(),
          tfl.layers.dense({ units: 2, kernelInitializer: seed(2), activation: 'softmax' }),
        ],
      });
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' });
      const x = tf.reshape(tf.sin(tf.range(0, 4 * 216)), [4, 6, 6, 6, 1]);
      const y = tf.oneHot(tf.tensor1d([0, 1, 1, 0], 'int32'), 2);
      const history = await model.fit(x, y, { epochs: 3, shuffle: false, verbose: 0 });
      tf.dispose([x, y]);
      model.dispose();
      return history.history.loss as number[];
    };
    const [cpu, wasm] = [await losses('cpu'), await losses('wasm')];
    for (const [epoch, loss] of wasm.entries()) expect(loss).toBeCloseTo(cpu[epoch] ?? Number.NaN, 4);
  });

  it('refuses by a code what it has no kernel for, and says what to do', async () => {
    await useBackend('wasm');
    const tensors = tf.memory().numTensors;
    expect(() => tf.tidy(() => tf.spectral.rfft(tf.ones([8])))).toThrow(
      expect.objectContaining({ code: 'WASM_UNSUPPORTED', message: expect.stringMatching(/cpu/) }),
    );
    expect(tf.memory().numTensors).toBe(tensors);
    expect((await describeBackend()).trainingKernels).not.toContain('FFT');
  });
});
