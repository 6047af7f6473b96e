import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../test/kernels/close.js';
import { noise, predicted } from '../../test/plan/compare.js';
import type { CompileOptions } from '../executor/options.js';
import { fromLayersModel } from '../tfjs/index.js';
import { compile } from './compile.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A dense 7x7 convolution of stride 2, as networks for photographs begin, a normalization and a small rest. */
function network(): layers.LayersModel {
  const { batchNormalization, conv2d, dense, globalAveragePooling2d, maxPooling2d, reLU } = layers.layers;
  return layers.sequential({
    layers: [
      conv2d({ name: 'stem', inputShape: [40, 64, 3], filters: 32, kernelSize: 7, strides: 2, padding: 'same' }),
      batchNormalization({}),
      reLU({}),
      maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      conv2d({ name: 'next', filters: 8, kernelSize: 3, activation: 'relu' }),
      globalAveragePooling2d({}),
      dense({ units: 5 }),
    ],
  });
}

/** A clean image and others with numbers that are not finite, all alike otherwise. */
function batch(): Float32Array {
  const clean = noise(40 * 64 * 3, 3);
  const spoiled = [Number.NaN, Number.POSITIVE_INFINITY].map((value, i) =>
    clean.map((each, at) => (at === 1000 * (i + 1) ? value : each)),
  );
  return Float32Array.of(...clean, ...spoiled.flatMap(image => [...image]), ...clean);
}

describe('a network with a dense stem', () => {
  it('uses Winograd there and gives what TensorFlow.js gives, NaN for NaN', async () => {
    const model = network();
    const before = tf.memory().numTensors;
    const graph = await fromLayersModel(model);
    const images = batch();
    const expected = await predicted(model, images);
    const plan = await compile(graph, { threads: 2, engine: 'wasm' });
    const transformed = plan.summary.layers.filter(({ variant }) => variant === 'winograd').map(({ name }) => name);
    expect(transformed).toEqual(['stem']);
    expectClose(await plan.run(images, { batch: 4 }), expected);
    await plan.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('gives the same to the last bit on any number of threads, in tiles of any width, tuned or not', async () => {
    const model = network();
    const graph = await fromLayersModel(model);
    model.dispose();
    const images = batch();
    const results: Float32Array[] = [];
    const settings: CompileOptions[] = [{ threads: 1 }, { threads: 2 }, { threads: 3, tune: true }];
    for (const lanes of [16, 28, 32, 56, 64] as const) settings.push({ threads: 2, lanes });
    for (const options of settings) {
      const plan = await compile(graph, { ...options, engine: 'wasm' });
      results.push(await plan.run(images, { batch: 4 }));
      await plan.dispose();
    }
    for (const result of results) expect(result).toEqual(results[0]);
    expect(results[0]?.subarray(0, 5)).toEqual(results[0]?.subarray(15));
  });
});
