import '@tensorflow/tfjs-backend-cpu';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  fixed,
  namedNormalization,
  normalizationOf,
  withNormalization,
} from '@espalier/core';
import {
  disposeOptimizer,
  modelNormalization,
  modelWeights,
  PruningSession,
  setModelNormalization,
  toModel,
} from '@espalier/core/tfjs';
import { type Normalization, syntheticSplit } from '@espalier/datasets';
import {
  fullFinetune,
  linearProbe,
  type RunStore,
  runtimeExtractor,
  type TransferTask,
  tfjsExtractor,
} from '@espalier/transfer';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';

const split = syntheticSplit({ trainSize: 24, testSize: 12, shape: [4, 4, 3], classes: 2 });
const task: TransferTask = { name: 'patterns', metric: 'top-1', ...split };
const settings = { seeds: [1], epochs: 1, batchSize: 8 };
const own = namedNormalization('efficientnet-lite');

const net = (): LayersModel =>
  sequential({
    layers: [
      layers.flatten({ inputShape: [4, 4, 3] }),
      layers.dense({ name: 'hidden', units: 4, kernelInitializer: 'ones' }),
      layers.dense({ name: 'logits', units: 3, kernelInitializer: 'ones' }),
    ],
  });

async function checkpointOf(model: LayersModel): Promise<Checkpoint> {
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
  const checkpoint = await session.checkpoint({ model });
  session.dispose();
  disposeOptimizer(optimizer);
  return decodeCheckpoint(encodeCheckpoint(checkpoint));
}

function carrying(): LayersModel {
  const model = net();
  setModelNormalization(model, own);
  return model;
}

it('goes from a model through checkpoints and their bytes to the model made of them', async () => {
  const checkpoint = await checkpointOf(carrying());
  expect(normalizationOf(checkpoint.metadata)).toEqual(own);
  expect(modelNormalization(await toModel(checkpoint))).toEqual(own);
  expect((await runtimeExtractor(checkpoint)).normalization).toEqual(own);
  expect(tfjsExtractor(carrying()).normalization).toEqual(own);
});

it('is what a linear probe normalizes with unless it is told otherwise', async () => {
  const lossOf = async (source: Checkpoint | LayersModel, normalize?: Normalization): Promise<number> =>
    (await linearProbe(source, task, { ...settings, normalize })).runs[0]?.final.loss ?? Number.NaN;
  const { mean, std } = { mean: [127 / 255, 127 / 255, 127 / 255], std: [128 / 255, 128 / 255, 128 / 255] };
  const told = await lossOf(net(), { mean, std });
  expect(await lossOf(carrying())).toBe(told);
  const checkpoint = await checkpointOf(net());
  expect(await lossOf({ ...checkpoint, metadata: withNormalization({}, own) })).toBe(told);
  expect(await lossOf(net())).not.toBe(told); // ImageNet's
  expect(await lossOf(carrying(), { mean: [0], std: [1] })).not.toBe(told);
});

it('is what full fine-tuning normalizes with, and what its networks carry on', async () => {
  let saved: Checkpoint | undefined;
  const store: RunStore = {
    load: async () => undefined,
    save: async (_, checkpoint) => {
      saved = checkpoint;
    },
  };
  const full = { ...settings, allowDense: true, store };
  await fullFinetune(carrying(), task, full);
  expect(normalizationOf(saved?.metadata)?.mean).toEqual([127 / 255, 127 / 255, 127 / 255]);
  await fullFinetune(net(), task, { ...full, normalize: undefined });
  expect(normalizationOf(saved?.metadata)).toEqual(split.normalization);
});
