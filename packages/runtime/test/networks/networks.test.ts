import '@tensorflow/tfjs-backend-cpu';
import { mobileNetV2, mobileNetV3Large, mobileNetV3Small } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { supports } from '../../src/engine/module.js';
import { compile } from '../../src/plan/compile.js';
import { fromLayersModel } from '../../src/tfjs/from-layers-model.js';
import { relativeError } from '../graph/build-model.js';
import { noise, predicted, sparsify } from '../plan/compare.js';
import { networks } from './blocks.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const instructions = (['simd', 'relaxed-simd'] as const).filter(supports);

const narrow = { inputShape: [32, 32, 3], widthMultiplier: 0.25, classes: 5 } as const;
const builtIn = {
  mobileNetV2: () => mobileNetV2(narrow),
  mobileNetV3Large: () => mobileNetV3Large(narrow),
  mobileNetV3Small: () => mobileNetV3Small(narrow),
};

describe.each(Object.entries({ ...networks, ...builtIn }))('%s', (_, build) => {
  it.each([0, 0.9])('agrees with TensorFlow.js at sparsity %d, on one and two threads', async sparsity => {
    const before = tf.memory().numTensors;
    const model = build();
    sparsify(model, 1 - sparsity, 7);
    const images = noise(3 * 32 * 32 * 3, 5);
    const expected = await predicted(model, images);
    const graph = await fromLayersModel(model);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
    for (const set of instructions) {
      const results: Float32Array[] = [];
      for (const threads of [1, 2]) {
        const plan = await compile(graph, { threads, instructions: set });
        const all = await plan.run(images, { batch: 3 });
        const first = await plan.run(images.subarray(0, images.length / 3));
        await plan.dispose();
        expect(relativeError(all, expected)).toBeLessThan(1e-4);
        expect(first).toEqual(all.slice(0, first.length));
        results.push(all);
      }
      expect(results[1]).toEqual(results[0]);
    }
  });
});
