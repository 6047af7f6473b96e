import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  fixed,
  namedNormalization,
  normalizationFor,
  normalizationNames,
  normalizationOf,
} from '../../index.js';
import { afterwards, guardTensors } from '../../testing/guard-tensors.js';
import { modelNormalization, modelWeights, PruningSession, setModelNormalization, toModel } from '../index.js';

guardTensors({ beforeEach, afterEach });

it('travels from a model into its checkpoints, their bytes, and the models made of them', async () => {
  const model = afterwards(sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] }));
  model.setUserDefinedMetadata({ labels: ['a', 'b'] });
  setModelNormalization(model, namedNormalization('minus-one-to-one'));
  expect(model.getUserDefinedMetadata()).toMatchObject({ labels: ['a', 'b'] });
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
  const checkpoint = decodeCheckpoint(encodeCheckpoint(await session.checkpoint({ model, metadata: { mine: 1 } })));
  const own = { name: 'own', mean: [0.1], std: [0.2] };
  const said = await session.checkpoint({ model, metadata: { normalization: own } });
  session.dispose();
  optimizer.dispose();
  expect(checkpoint.metadata).toEqual({
    mine: 1,
    normalization: { name: 'minus-one-to-one', mean: [0.5], std: [0.5] },
  });
  expect(normalizationOf(said.metadata)).toEqual(own);
  expect(modelNormalization(afterwards(await toModel(checkpoint)))).toEqual(checkpoint.metadata.normalization);
});

it.each([
  ['imagenet', 0, [-2.1179, -2.0357, -1.8044]], // torchvision: (0 - 0.485) / 0.229, …
  ['minus-one-to-one', 255, [1, 1, 1]],
  ['efficientnet-lite', 0, [-127 / 128, -127 / 128, -127 / 128]],
  ['zero-to-one', 51, [0.2, 0.2, 0.2]],
  ['none', 51, [51, 51, 51]],
  ['0.5/0.25', 255, [2, 2, 2]],
  ['0,0.5,1/1,2,4', 255, [1, 0.25, 0]],
] as const)('makes of a pixel by %s what the network was trained on', (name, pixel, expected) => {
  const { mean, std } = normalizationFor(namedNormalization(name), 3);
  expected.forEach((value, c) => {
    expect((pixel / 255 - mean[c]!) / std[c]!).toBeCloseTo(value, 4);
  });
});

it.each([
  '',
  'imagnet',
  'constructor',
  '1',
  '0.5,0.5/0.5',
  '/',
  '127/128',
  '0.5/0',
  '0.5/-1',
  'a/b',
  '0.5/1/2',
  '0.5,/1,1',
])('refuses %j for a normalization', text => {
  expect(() => namedNormalization(text)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});

it('knows its names, and finds no normalization where there is none', () => {
  for (const name of normalizationNames) expect(namedNormalization(name).name).toBe(name);
  expect([undefined, null, {}, { normalization: null }].map(normalizationOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  for (const wrong of [
    'imagenet',
    { mean: [0.5] },
    { mean: [], std: [] },
    { mean: ['0'], std: [1] },
    { mean: [0], std: [0] },
  ]) {
    expect(() => normalizationOf({ normalization: wrong })).toThrow(
      expect.objectContaining({ option: expect.stringContaining('metadata.normalization') }),
    );
  }
  const three = namedNormalization('imagenet');
  expect(() => normalizationFor(three, 1)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});
