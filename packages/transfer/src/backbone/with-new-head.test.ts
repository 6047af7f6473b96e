import { afterwards, guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { modelWeights } from '@espalier/core/tfjs';
import { mobileNetV1, resnet20 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tfjsExtractor } from '../features/tfjs-extractor.js';
import { readUpstream } from './upstream.js';
import { withNewHead } from './with-new-head.js';

guardTensors({ beforeEach, afterEach });

const networks: [string, number, () => LayersModel][] = [
  ['ResNet-20', 64, () => resnet20({ seed: 1 })],
  ['MobileNetV1', 256, () => mobileNetV1({ inputShape: [32, 32, 3], widthMultiplier: 0.25, seed: 1 })],
];

it.each(networks)('puts a head on what %s pools, and keeps every other weight', async (_, dimension, create) => {
  const model = afterwards(create());
  expect(tfjsExtractor(model).dimension).toBe(dimension);
  const network = await withNewHead(await readUpstream(model), 7, 1);
  afterwards(network.model);
  expect(network.model.outputShape).toEqual([null, 7]);
  const old = modelWeights(model).map(({ name }) => name);
  const names = network.weights.map(({ name }) => name);
  expect(names.slice(-2)).toEqual(['transfer_head/kernel', 'transfer_head/bias']);
  expect(names.slice(0, -2)).toEqual(old.slice(0, -2));
  expect(network.weights.find(({ name }) => name === 'transfer_head/kernel')).toMatchObject({ prunable: false });
  // The same images give the same features in the copy.
  const images = tf.randomUniform<tf.Rank.R4>([2, 32, 32, 3], 0, 1, 'float32', 1);
  const batch = {
    images: (await images.data()) as Float32Array,
    labels: new Int32Array(2),
    size: 2,
    classes: 7,
    shape: [32, 32, 3] as const,
  };
  images.dispose();
  expect(await tfjsExtractor(network.model).extract(batch)).toEqual(await tfjsExtractor(model).extract(batch));
});

it('starts another head for another seed, and the same for the same', async () => {
  const upstream = await readUpstream(afterwards(resnet20({ seed: 1 })));
  const [first, again, other] = await Promise.all([1, 1, 2].map(seed => withNewHead(upstream, 3, seed)));
  const kernels = [first!, again!, other!].map(network => {
    const { variable } = network.weights.find(({ name }) => name === 'transfer_head/kernel')!;
    return [...variable.dataSync()];
  });
  for (const network of [first!, again!, other!]) afterwards(network.model);
  expect(kernels[1]).toEqual(kernels[0]);
  expect(kernels[2]).not.toEqual(kernels[0]);
  // PyTorch's bound for 64 inputs: 1 / √64.
  expect(Math.max(...kernels[0]!.map(Math.abs))).toBeLessThanOrEqual(0.125);
  expect(Math.max(...kernels[0]!.map(Math.abs))).toBeGreaterThan(0.11);
});
