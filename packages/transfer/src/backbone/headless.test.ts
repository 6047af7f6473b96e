import '@tensorflow/tfjs-backend-cpu';
import type { Checkpoint } from '@espalier/core';
import { fixed } from '@espalier/core';
import { afterwards, guardTensors } from '@espalier/core/testing';
import { modelWeights, PruningSession, toModel } from '@espalier/core/tfjs';
import { type Batch, syntheticSplit } from '@espalier/datasets';
import { mobileNetV3Small } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { fullFinetune, hasClassifier, linearProbe, runtimeExtractor, tfjsExtractor, withClasses } from '../index.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];
const { batchNormalization, conv2d, dense, depthwiseConv2d, flatten, separableConv2d } = layers;
const pool = (): Layer => layers.globalAveragePooling2d({ dataFormat: 'channelsLast' });
const maximum = (): Layer => layers.globalMaxPooling2d({ dataFormat: 'channelsLast' });
const body = (name = 'body'): Layer =>
  conv2d({ name, filters: 6, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [4, 4, 3] });
const net = (...rest: Layer[]): LayersModel => sequential({ layers: [body(), ...rest] });
const on = (layer: layers.Layer, x: SymbolicTensor | SymbolicTensor[]): SymbolicTensor =>
  layer.apply(x) as SymbolicTensor;

function functional(end: (x: SymbolicTensor) => SymbolicTensor): LayersModel {
  const image = input({ shape: [4, 4, 3] });
  return modelOf({ name: 'functional', inputs: image, outputs: end(on(body() as layers.Layer, image)) });
}

const residual = (x: SymbolicTensor): SymbolicTensor =>
  on(layers.reLU(), on(layers.add(), [x, on(conv2d({ name: 'more', filters: 6, kernelSize: 1 }), x)]));

function mobileBody(): LayersModel {
  const whole = mobileNetV3Small({ inputShape: [32, 32, 3], widthMultiplier: 1 / 16, classes: 2 });
  const cut = modelOf({ inputs: whole.inputs, outputs: whole.getLayer('blocks_5_0_bn1_hard_swish').output });
  for (const name of ['conv_head', 'classifier']) whole.getLayer(name).dispose();
  return cut;
}

const extractors: [string, () => LayersModel, number][] = [
  ['a convolution and a pooling', () => net(pool()), 6],
  ['a convolution', () => net(), 6],
  ['a normalization and a pooling', () => net(batchNormalization({ name: 'norm' }), layers.reLU(), pool()), 6],
  ['a flattened map', () => net(flatten()), 96],
  ['a maximum over all places', () => net(maximum()), 6],
  ['a separable convolution', () => net(separableConv2d({ name: 'sep', filters: 5, kernelSize: 3 })), 5],
  ['a pooled separable one of 1x1', () => net(separableConv2d({ name: 'sep', filters: 5, kernelSize: 1 }), pool()), 5],
  ['a depthwise convolution', () => net(depthwiseConv2d({ name: 'depthwise', kernelSize: 3 }), pool()), 6],
  ['a residual sum', () => functional(residual), 6],
  ['a pooled residual sum', () => functional(x => on(pool() as layers.Layer, residual(x))), 6],
  [
    'two poolings side by side',
    () => functional(x => on(layers.concatenate(), [on(pool() as layers.Layer, x), on(maximum() as layers.Layer, x)])),
    12,
  ],
  [
    'a model in a model in a model',
    () => sequential({ layers: [sequential({ layers: [sequential({ layers: [body(), pool()] })] })] }),
    6,
  ],
  ['a functional model in a sequential one', () => sequential({ layers: [functional(residual), pool()] }), 6],
  ['MobileNetV3 without its head', mobileBody, 40],
];

function batchFor(model: LayersModel): Batch {
  const shape = model.inputs[0]!.shape.slice(1) as [number, number, number];
  const size = shape.reduce((product, side) => product * side, 2);
  const images = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
  return { images, labels: new Int32Array(2), size: 2, shape, classes: 2 };
}

/** What the model gives, averaged over all places. */
async function direct(model: LayersModel, { images, shape }: Batch): Promise<number[]> {
  const rows = tf.tidy(() => {
    const output = model.predict(tf.tensor4d(images as Float32Array, [2, ...shape])) as tf.Tensor;
    return output.rank === 4 ? tf.mean(output, [1, 2]) : output;
  });
  const values = [...(await rows.data())];
  rows.dispose();
  return values;
}

async function saved(model: LayersModel): Promise<Checkpoint> {
  const optimizer = tf.train.sgd(0);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer, onWarning: () => {} });
  try {
    return await session.checkpoint({ model, slots: false });
  } finally {
    session.dispose();
    optimizer.dispose();
  }
}

/** TensorFlow.js leaves the weights of a nested Sequential behind. */
function ending(model: LayersModel): LayersModel {
  afterwards({
    dispose: () => {
      const variables = model.weights.map(weight => weight.read() as tf.Variable);
      model.dispose();
      for (const variable of variables) if (!variable.isDisposed) variable.dispose();
    },
  });
  return model;
}

const close = (actual: Float32Array, expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 4);
};

it.each(extractors)('the features of what ends in %s are its output, here and in the runtime', async (...row) => {
  const [, make, dimension] = row;
  const model = ending(make());
  expect(hasClassifier(model)).toBe(false);
  const batch = batchFor(model);
  const expected = await direct(model, batch);
  expect(expected).toHaveLength(2 * dimension);
  close(await tfjsExtractor(model).extract(batch), expected);
  const runtime = await runtimeExtractor(await saved(model), { threads: 1 });
  close(await runtime.extract(batch), expected);
  await runtime.dispose();
});

it.each(extractors)('what ends in %s gets a classifier and keeps its weights', async (_, make, dimension) => {
  const before = await saved(ending(make()));
  const after = await withClasses(before, { classes: 3, seed: 1 });
  expect(after.weights.get('transfer_head/kernel')?.shape).toEqual([dimension, 3]);
  const kept = [...after.weights].filter(([name]) => !name.startsWith('transfer_head'));
  expect(new Set(kept.map(([name]) => name))).toEqual(new Set(before.weights.keys()));
  for (const [name, { values }] of kept) expect(values).toEqual(before.weights.get(name)?.values);
  const model = ending(await toModel(after));
  expect(model.outputShape).toEqual([null, 3]);
  expect(hasClassifier(model)).toBe(true);
});

it.each(extractors.filter(([name]) => /^a (convolution|flat|pooled sep|residual|model|functional)/.test(name)))(
  'both protocols transfer what ends in %s, and leave no tensor',
  async (_, make) => {
    const split = syntheticSplit({ trainSize: 8, testSize: 4, shape: [4, 4, 3], classes: 2 });
    const task = { name: 'patterns', metric: 'top-1', ...split } as const;
    const settings = { seeds: [1], epochs: 1, batchSize: 4 };
    const checkpoint = await saved(ending(make()));
    const before = tf.memory().numTensors;
    expect((await linearProbe(checkpoint, task, settings)).runs).toHaveLength(1);
    expect((await fullFinetune(checkpoint, task, { ...settings, allowDense: true })).runs).toHaveLength(1);
    expect(tf.memory().numTensors).toBe(before);
  },
);

it('a dense layer at the end is a classifier, unless the network is said to have none', async () => {
  const model = ending(net(pool(), dense({ name: 'embedding', units: 5 })));
  expect(hasClassifier(model)).toBe(true);
  expect(tfjsExtractor(model).dimension).toBe(6);
  expect(tfjsExtractor(model, { head: 'none' }).dimension).toBe(5);
  const checkpoint = await saved(model);
  const runtime = await runtimeExtractor(checkpoint, { head: 'none', threads: 1 });
  close(await runtime.extract(batchFor(model)), await direct(model, batchFor(model)));
  await runtime.dispose();
  const after = await withClasses(checkpoint, { classes: 3, head: 'none' });
  expect(after.weights.get('transfer_head/kernel')?.shape).toEqual([5, 3]);
  expect(after.weights.has('embedding/kernel')).toBe(true);
});

const twoOutputs = (): LayersModel => {
  const image = input({ shape: [4, 4, 3] });
  const map = on(body() as layers.Layer, image);
  const outputs = ['colors', 'shapes'].map(name => on(dense({ name, units: 2 }), on(flatten(), map)));
  return modelOf({ inputs: image, outputs });
};

it.each<[string, () => LayersModel, string]>([
  ['several outputs', twoOutputs, 'it has 2 outputs, "colors", "shapes"'],
  [
    'probabilities of every pixel',
    () => net(conv2d({ name: 'pixels', filters: 2, kernelSize: 1, activation: 'softmax' })),
    'gives probabilities',
  ],
  [
    'the sum of two classifiers',
    () =>
      functional(x => {
        const both = ['one', 'two'].map(name => on(dense({ name, units: 2 }), on(flatten(), x)));
        return on(layers.add({ name: 'sum' }), both);
      }),
    '"sum"',
  ],
])('%s are refused by name', async (_, make, reason) => {
  const model = ending(make());
  const refusal = expect.objectContaining({ code: 'NO_CLASSIFIER', message: expect.stringContaining(reason) });
  expect(() => tfjsExtractor(model)).toThrow(refusal);
  await expect(withClasses(await saved(model), { classes: 2 })).rejects.toEqual(refusal);
  await expect(runtimeExtractor(await saved(model))).rejects.toMatchObject({ code: 'NO_CLASSIFIER' });
});
