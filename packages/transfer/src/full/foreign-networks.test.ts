import { afterwards, guardTensors } from '@espalier/core/testing';
import { modelWeights } from '@espalier/core/tfjs';
import { imageFilesOf, randomResizedCrop, syntheticSplit } from '@espalier/datasets';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.js';
import type { TransferTask } from '../index.js';
import type { FullFinetuneOptions } from './finetune-options.js';
import { fullFinetune } from './full-finetune.js';

beforeAll(() => tf.setBackend('wasm'));
guardTensors({ beforeEach, afterEach });

const split = syntheticSplit({ trainSize: 48, testSize: 24, shape: [8, 8, 3], classes: 3 });
const task: TransferTask = { name: 'patterns', metric: 'mean-per-class', ...split };
const settings: FullFinetuneOptions = { seeds: [1], epochs: 2, batchSize: 16 };

function foreign(): LayersModel {
  const net = sequential({
    name: 'foreign',
    layers: [
      layers.flatten({ name: 'flat', inputShape: [8, 8, 3] }),
      layers.dense({ name: 'hidden', units: 6, trainable: false }),
      layers.batchNormalization({ name: 'norm' }),
      layers.reLU({ name: 'relu' }),
      layers.dense({ name: 'logits', units: 7, activation: 'softmax' }),
    ],
  });
  const { variable } = modelWeights(net).find(({ name }) => name === 'hidden/kernel')!;
  const values = Float32Array.from({ length: variable.size }, (_, i) => (i % 3 === 0 ? Math.sin(i + 1) / 8 : 0));
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  return afterwards(net);
}

it('derives the masks of foreign weights from their zeros, trains frozen layers too, and leaves the model alone', async () => {
  const model = foreign();
  const before = model.getWeights().map(weight => weight.dataSync().slice());
  const store = memoryStore();
  const { sparsity } = await fullFinetune(model, task, { ...settings, store });
  expect(sparsity).toBeCloseTo(2 / 3, 12); // 192 · 6 entries, every third is not 0
  const { values } = store.saved.get(1)!.at(-1)!.weights.get('hidden/kernel')!;
  expect(values.every((value, i) => (i % 3 === 0 ? value !== 0 : value === 0))).toBe(true);
  expect(values).not.toEqual(before[0]);
  expect(model.getWeights().map(weight => weight.dataSync().slice())).toEqual(before);
});

it('derives masks from zeros also where a checkpoint says that nothing is masked', async () => {
  const sparse = memoryStore();
  await fullFinetune(foreign(), task, { ...settings, epochs: 1, store: sparse });
  const checkpoint = sparse.saved.get(1)!.at(-1)!;
  const ones = new Map([...checkpoint.masks].map(([name, mask]) => [name, mask.map(() => 1)]));
  const store = memoryStore();
  const result = await fullFinetune({ ...checkpoint, masks: ones }, task, { ...settings, epochs: 1, store });
  expect(result.sparsity).toBeCloseTo(2 / 3, 12);
  expect(store.saved.get(1)!.at(-1)!.masks).toEqual(checkpoint.masks);
});

it('runs normalization layers in training mode', async () => {
  const model = foreign();
  const store = memoryStore();
  await fullFinetune(model, task, { ...settings, store });
  const { values } = store.saved.get(1)!.at(-1)!.weights.get('norm/moving_mean')!;
  expect(values.some(value => value !== 0)).toBe(true); // it was made with zeros
});

it('takes the learning rate of the task, and drops it after the given epochs', async () => {
  const run = { ...settings, epochs: 5, dropAfter: [1, 3] };
  const { runs } = await fullFinetune(foreign(), { ...task, learningRateFull: 0.01 }, run);
  const rates = runs[0]!.history.map(({ learningRate }) => learningRate.toPrecision(2));
  expect(rates).toEqual(['0.010', '0.010', '0.0010', '0.0010', '0.00010']);
  const usual = await fullFinetune(foreign(), task, { ...settings, epochs: 1 });
  expect(usual.runs[0]!.final.learningRate).toBe(0.001);
});

it('reads images through random transforms, and resumes to the same result', async () => {
  const streamed = { ...task, train: imageFilesOf(split.train), test: imageFilesOf(split.test) };
  const trainTransform = randomResizedCrop({ size: 8, scale: [0.5, 1] });
  const model = foreign();
  const store = memoryStore();
  const whole = await fullFinetune(model, streamed, { ...settings, trainTransform });
  expect(whole.runs[0]!.history).not.toEqual((await fullFinetune(model, task, settings)).runs[0]!.history);
  const controller = new AbortController();
  const onEvent = (): void => controller.abort(new Error('cut'));
  const { signal } = controller;
  const cut = fullFinetune(model, streamed, { ...settings, trainTransform, store, signal, onEvent });
  await expect(cut).rejects.toThrow('cut');
  expect(await fullFinetune(model, streamed, { ...settings, trainTransform, store })).toEqual(whole);
});

it.each(['first', 'last'])(
  'saves the %s epoch where it is aborted in scoring, and scores it when it goes on',
  async which => {
    const model = foreign();
    const expected = await fullFinetune(model, task, settings);
    const store = memoryStore();
    const controller = new AbortController();
    // Every epoch looks at the 24 labels of the test images once.
    const stopAt = which === 'first' ? 1 : 25;
    let looks = 0;
    const label = (index: number): number => {
      if (++looks === stopAt) controller.abort(new Error('cut'));
      return split.test.label(index);
    };
    const watched = { ...task, test: { ...split.test, label } };
    const { signal } = controller;
    await expect(fullFinetune(model, watched, { ...settings, store, signal })).rejects.toThrow('cut');
    const steps = which === 'first' ? 3 : 6;
    expect(store.saved.get(1)!.at(-1)!.clock.step).toBe(steps);
    const epochs: number[] = [];
    const onEvent = ({ score }: { score: { epoch: number } }): void => void epochs.push(score.epoch);
    expect(await fullFinetune(model, task, { ...settings, store, onEvent })).toEqual(expected);
    expect(epochs).toEqual(which === 'first' ? [0, 1] : [1]);
  },
);

it('takes all images in a step where there are fewer than usual', async () => {
  const model = foreign();
  const usual = await fullFinetune(model, task, { seeds: [1], epochs: 1 });
  expect(usual).toEqual(await fullFinetune(model, task, { seeds: [1], epochs: 1, batchSize: task.train.size }));
});

it('refuses impossible settings without leaving tensors behind', async () => {
  const model = foreign();
  const refused = (options: FullFinetuneOptions, error: object): Promise<void> =>
    expect(fullFinetune(model, task, { ...settings, ...options })).rejects.toMatchObject(error);
  await refused({ batchSize: 49 }, { option: 'batchSize' });
  await refused({ learningRate: Number.NaN }, { option: 'learningRate' });
  await refused({ saveEvery: 0 }, { option: 'saveEvery' });
  await refused({ momentum: 1 }, { option: 'momentum' });
  await refused({ trainTransform: randomResizedCrop({ size: 9 }) }, { code: 'SHAPE_MISMATCH' });
});

it('replaces a 1x1 convolution and what follows it by a dense head', async () => {
  const net = afterwards(
    sequential({
      name: 'convolutional',
      layers: [
        layers.flatten({ name: 'flat', inputShape: [8, 8, 3] }),
        layers.dense({ name: 'hidden', units: 4 }),
        layers.reshape({ name: 'square', targetShape: [1, 1, 4] }),
        layers.conv2d({ name: 'fc', filters: 7, kernelSize: 1 }),
        layers.flatten({ name: 'end' }),
        layers.softmax({ name: 'softmax' }),
      ],
    }),
  );
  const store = memoryStore();
  await fullFinetune(net, task, { ...settings, allowDense: true, store });
  const { weights } = store.saved.get(1)!.at(-1)!;
  expect([...weights.keys()]).toEqual(['hidden/kernel', 'hidden/bias', 'transfer_head/kernel', 'transfer_head/bias']);
  expect(weights.get('transfer_head/kernel')!.shape).toEqual([4, 3]);
});

it('leaves no tensors behind where it cannot be told which layer the classifier is', async () => {
  const net = sequential({
    layers: [layers.flatten({ inputShape: [8, 8, 3] }), layers.dense({ units: 3 }), layers.repeatVector({ n: 2 })],
  });
  await expect(fullFinetune(afterwards(net), task, settings)).rejects.toMatchObject({ code: 'NO_CLASSIFIER' });
});
