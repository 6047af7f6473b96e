import { existsSync } from 'node:fs';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { fixed } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import type { Batch } from '@espalier/datasets';
import { syntheticSplit } from '@espalier/datasets';
import { readLayersModel } from '@espalier/models/node';
import { fullFinetune, linearProbe, runtimeExtractor, tfjsExtractor } from '@espalier/transfer';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];
const { activation, conv2d, dense, dropout, flatten, reshape, softmax } = layers;
const pool = (): Layer => layers.globalAveragePooling2d({ dataFormat: 'channelsLast' });

/** Six channels at 4x4 places. */
const backbone = (): Layer =>
  conv2d({ name: 'body', filters: 6, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [4, 4, 3] });
const net = (...rest: Layer[]): LayersModel => sequential({ layers: [backbone(), ...rest] });
const one = (): Layer => conv2d({ name: 'classes', filters: 5, kernelSize: 1 });

const heads: [string, () => LayersModel, number][] = [
  ['a dense layer after pooling', () => net(pool(), dense({ units: 5 })), 6],
  ['a 1x1 convolution before pooling', () => net(one(), pool()), 6],
  ['that with a softmax', () => net(one(), pool(), softmax()), 6],
  [
    "SqueezeNet's: dropout, 1x1 convolution, relu, pooling, softmax",
    () =>
      net(
        dropout({ rate: 0.5 }),
        one(),
        activation({ activation: 'relu' }),
        pool(),
        activation({ activation: 'softmax' }),
      ),
    6,
  ],
  [
    'that with a pooling of the whole size',
    () => net(one(), layers.averagePooling2d({ poolSize: 4, dataFormat: 'channelsLast' }), flatten()),
    6,
  ],
  [
    "MobileNet v1's: a reshaped vector and a 1x1 convolution",
    () =>
      net(
        pool(),
        reshape({ targetShape: [1, 1, 6] }),
        dropout({ rate: 0.1 }),
        one(),
        reshape({ targetShape: [5] }),
        activation({ activation: 'softmax' }),
      ),
    6,
  ],
  ['a convolution as large as the image', () => net(conv2d({ filters: 5, kernelSize: 4 }), flatten()), 96],
  ['two dense layers', () => net(flatten(), dense({ units: 7, activation: 'relu' }), dense({ units: 5 })), 7],
  ['a dense layer on all places', () => net(flatten(), dense({ units: 5 })), 96],
];
const nested: [string, () => LayersModel, number][] = [
  [
    'a nested head',
    () =>
      net(
        pool(),
        sequential({ layers: [dropout({ rate: 0.1, inputShape: [6] }), dense({ units: 7 }), dense({ units: 5 })] }),
      ),
    7,
  ],
  [
    'a nested head whose first layer is the classifier',
    () => net(pool(), sequential({ layers: [dense({ units: 5, inputShape: [6] })] })),
    6,
  ],
];

const images = (): Batch => ({
  images: Float32Array.from({ length: 2 * 48 }, (_, i) => Math.sin(i)),
  labels: new Int32Array(2),
  size: 2,
  shape: [4, 4, 3],
  classes: 2,
});

it.each([...heads, ...nested])('features are what the classifier works on, for %s', async (_, make, dimension) => {
  const extractor = tfjsExtractor(make());
  expect(extractor.dimension).toBe(dimension);
  expect(await extractor.extract(images())).toHaveLength(2 * dimension);
});

it.each(heads)('the runtime has the same features, for %s', async (_, make, dimension) => {
  const model = make();
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
  const extractor = await runtimeExtractor(await session.checkpoint({ model }), { threads: 1 });
  expect(extractor.dimension).toBe(dimension);
  const [features, expected] = [await extractor.extract(images()), await tfjsExtractor(model).extract(images())];
  features.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 4);
  });
  await extractor.dispose();
  session.dispose();
  disposeOptimizer(optimizer);
});

it('an averaged 1x1 convolution of averages gives what the network gives', async () => {
  const model = net(one(), pool());
  const features = await tfjsExtractor(model).extract(images());
  const classes = tf.tidy(() => {
    const [kernel, bias] = model.getLayer('classes').getWeights() as [tf.Tensor, tf.Tensor];
    return tf.add(tf.matMul(tf.tensor2d(features, [2, 6]), tf.reshape(kernel, [6, 5])), bias).dataSync();
  });
  const direct = tf.tidy(() => (model.predict(tf.tensor4d(images().images, [2, 4, 4, 3])) as tf.Tensor).dataSync());
  classes.forEach((value, i) => {
    expect(value).toBeCloseTo(direct[i] ?? Number.NaN, 5);
  });
});

it.each<[string, () => LayersModel]>([
  ['a classifier followed by what is not known', () => net(pool(), dense({ units: 5 }), layers.repeatVector({ n: 2 }))],
  ['a class for every pixel', () => net(one(), softmax())],
  [
    'probabilities of normalized values',
    () => net(pool(), dense({ units: 5 }), layers.batchNormalization(), softmax()),
  ],
])('%s is refused, unless a layer is named', async (_, make) => {
  expect(() => tfjsExtractor(make())).toThrow(
    expect.objectContaining({ code: 'NO_CLASSIFIER', message: expect.stringContaining('featureLayer') }),
  );
  expect(tfjsExtractor(make(), { featureLayer: 'body' }).dimension).toBe(6);
  expect(() => tfjsExtractor(make(), { featureLayer: 'bdy' })).toThrow(
    expect.objectContaining({ code: 'NO_CLASSIFIER' }),
  );
});

it.each<[string, () => LayersModel, number]>([
  ['no head', () => net(layers.batchNormalization(), pool()), 6],
  ['values at many places', () => net(one(), flatten()), 80],
  ['a 3x3 convolution before pooling', () => net(conv2d({ filters: 5, kernelSize: 3 }), pool()), 5],
])('%s: the features are the output', async (_, make, dimension) => {
  expect(tfjsExtractor(make()).dimension).toBe(dimension);
});

it.each([...heads.slice(1, 2), ...heads.slice(5, 6), ...nested])(
  'both protocols transfer a network with %s, and leave no tensor',
  async (_, make) => {
    const split = syntheticSplit({ trainSize: 8, testSize: 4, shape: [4, 4, 3], classes: 2 });
    const task = { name: 'patterns', metric: 'top-1', ...split } as const;
    const settings = { seeds: [1], epochs: 1, batchSize: 4 };
    const model = make();
    const before = tf.memory().numTensors;
    expect((await linearProbe(model, task, settings)).runs).toHaveLength(1);
    expect((await fullFinetune(model, task, { ...settings, allowDense: true })).runs).toHaveLength(1);
    expect(tf.memory().numTensors).toBe(before);
  },
);

const data = join(process.env.ESPALIER_DATA ?? '', 'real-networks');
const real = process.env.ESPALIER_DATA !== undefined && existsSync(data);
it.skipIf(!real).each([
  ['tiny-darknet', 128],
  ['doodlenet', 512],
  ['nsfwjs-mobilenetv2', 128],
])('%s (real; skipped without ESPALIER_DATA) has %d features', async (name, dimension) => {
  const model = await readLayersModel(join(data, name, 'model.json'));
  expect(tfjsExtractor(model).dimension).toBe(dimension);
  model.dispose();
});
