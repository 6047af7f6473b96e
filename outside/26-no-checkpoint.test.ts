import '@tensorflow/tfjs-backend-cpu';
import { installFusedBatchNorm } from '@espalier/backend';
import { type Checkpoint, fixed } from '@espalier/core';
import {
  batchNormalizations,
  keepFrozenStatistics,
  loadWeights,
  modelNormalization,
  modelWeights,
  PruningSession,
  setModelNormalization,
  toModel,
} from '@espalier/core/tfjs';
import { denseTwin } from '@espalier/prune-acdc';
import { graphFromCheckpoint } from '@espalier/runtime';
import { runtimeExtractor, tfjsExtractor } from '@espalier/transfer';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

const dense = (): LayersModel => sequential({ layers: [layers.dense({ name: 'head', units: 2, inputShape: [2] })] });
const wrong: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a path', 'model.safetensors'],
  ['bytes', new Uint8Array(8)],
  ['an object', {}],
  ['an array', [1]],
  ['a number', 3],
  ['a promise', Promise.resolve({})],
  ['a graph model', { executor: {}, weights: {}, execute() {}, executeAsync: async () => {} }],
];

describe.each(wrong)('%s', (_, value) => {
  const model = value as LayersModel;
  const checkpoint = value as Checkpoint;

  it.each<[string, () => unknown]>([
    ['loadWeights', () => loadWeights(model, checkpoint)],
    ['modelNormalization', () => modelNormalization(model)],
    ['setModelNormalization', () => setModelNormalization(model, { mean: [0], std: [1] })],
    ['keepFrozenStatistics', () => keepFrozenStatistics(model)],
    ['batchNormalizations', () => batchNormalizations(model)],
    ['tfjsExtractor', () => tfjsExtractor(model)],
  ])('is no model to %s', (_name, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'INVALID_MODEL' }));
  });

  it.each<[string, () => unknown]>([
    ['loadWeights', () => loadWeights(dense(), checkpoint)],
    ['toModel', () => toModel(checkpoint)],
    ['denseTwin', () => denseTwin(checkpoint)],
    ['graphFromCheckpoint', () => graphFromCheckpoint(checkpoint)],
    ['runtimeExtractor', () => runtimeExtractor(checkpoint)],
    ['installFusedBatchNorm', () => installFusedBatchNorm(model)],
  ])('is refused by %s', async (_name, call) => {
    await expect((async () => call())()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

it('models, their weights and checkpoints are still taken', async () => {
  const model = dense();
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) });
  const checkpoint = await session.checkpoint({ model });
  loadWeights(model, { weights: checkpoint.weights });
  loadWeights(modelWeights(model), checkpoint);
  (await toModel(checkpoint)).dispose();
  expect(graphFromCheckpoint(checkpoint).input.shape).toEqual([2]);
  session.dispose();
});
