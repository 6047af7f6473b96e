import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { loadTorchWeights, type ModelName, modelByName, type NamedModelOptions, resnet50 } from '../src/index.js';
import {
  amcNames,
  checkpointOf,
  cifarNames,
  mobileNetNames,
  type Naming,
  riglNames,
  torchvisionNames,
} from './checkpoint-of.js';
import { four, modelOf, weightsOf } from './layers-model.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const oneTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

it('OIHW becomes HWIO', async () => {
  const conv = layers.layers.conv2d({ name: 'a_b', filters: 3, kernelSize: [2, 1], useBias: false });
  const model = modelOf([4, 4, 2], conv);
  loadTorchWeights(model, new Map([['a.b.weight', { shape: [3, 2, 2, 1], values: oneTo(12) }]]));
  // output o, input i, row h holds 4o + 2i + h + 1; ours runs over h, i, o
  expect(await weightsOf(model)).toEqual([['a_b/kernel', [1, 5, 9, 3, 7, 11, 2, 6, 10, 4, 8, 12]]]);
  model.dispose();
});

it("a depthwise kernel's channels move to the end", async () => {
  const conv = layers.layers.depthwiseConv2d({ name: 'a', kernelSize: [1, 2], useBias: true });
  const model = modelOf([4, 4, 3], conv);
  const values = new Map([
    ['a.weight', { shape: [3, 1, 1, 2], values: oneTo(6) }],
    ['a.bias', { shape: [3], values: [7, 8, 9] }],
  ]);
  loadTorchWeights(model, values);
  expect(await weightsOf(model)).toEqual([
    ['a/depthwise_kernel', [1, 3, 5, 2, 4, 6]],
    ['a/bias', [7, 8, 9]],
  ]);
  model.dispose();
});

it('a matrix is transposed, and after a flattened image its rows go from channels first to channels last', async () => {
  const stack = [layers.layers.flatten(), layers.layers.dense({ name: 'a', units: 2, useBias: false })];
  const [flat, image] = [
    modelOf([4], stack[1]!),
    modelOf([1, 2, 2], stack[0]!, layers.layers.dense({ name: 'b', units: 2, useBias: false })),
  ];
  loadTorchWeights(flat, new Map([['a.weight', { shape: [2, 4], values: oneTo(8) }]]));
  loadTorchWeights(image, new Map([['b.weight', { shape: [2, 4], values: oneTo(8) }]]));
  expect(await weightsOf(flat)).toEqual([['a/kernel', [1, 5, 2, 6, 3, 7, 4, 8]]]);
  // columns of PyTorch: (channel 0, pixel 0), (0, 1), (1, 0), (1, 1); ours: (pixel 0, channel 0), (0, 1), (1, 0), (1,
  // 1)
  expect(await weightsOf(image)).toEqual([['b/kernel', [1, 5, 3, 7, 2, 6, 4, 8]]]);
  flat.dispose();
  image.dispose();
});

const small = { inputShape: [32, 32, 3], classes: 3 } as const;
const families: [ModelName, NamedModelOptions, Naming][] = [
  ['resnet18', { ...small, width: 1 }, torchvisionNames],
  ['resnet50', { ...small, width: 1 }, torchvisionNames],
  ['resnet50', { ...small, width: 1, poolPadding: 'end' }, riglNames],
  ['resnet20', { width: 2 }, cifarNames],
  ['resnet56', { width: 2 }, cifarNames],
  ['mobileNetV1', { ...small, widthMultiplier: 1 / 16, variant: 'torch' }, mobileNetNames],
  ['mobileNetV1', { ...small, widthMultiplier: 1 / 16, variant: 'torch' }, amcNames],
  ['wideResNet', { depth: 10, widenFactor: 1 }, torchvisionNames],
  ['vgg16', { ...small, inputShape: [64, 32, 3], width: 1, hidden: 3 }, torchvisionNames],
];

const cifar = new Set<ModelName>(['resnet20', 'resnet56', 'wideResNet']);

it.each(families)("%s %j takes every weight of a checkpoint with PyTorch's names", async (name, options, naming) => {
  const [from, to] = [1, 2].map(seed => modelByName(name, { ...options, seed })) as [
    layers.LayersModel,
    layers.LayersModel,
  ];
  const checkpoint = new Map(
    [...(await checkpointOf(from, naming))].map(([key, tensor]) => [`module.${key}`, tensor] as const),
  );
  checkpoint.set('module.bn1.num_batches_tracked', { shape: [], values: [7] });
  const report = loadTorchWeights(to, checkpoint);
  expect(await weightsOf(to)).toEqual(await weightsOf(from));
  expect(report).toEqual({
    masks: new Map(),
    skipped: ['module.bn1.num_batches_tracked'],
    resize: naming === riglNames ? 'bicubic' : 'bilinear',
    normalization: cifar.has(name) ? undefined : 'imagenet',
  });
  from.dispose();
  to.dispose();
});

it('a head stored as a 1x1 convolution without bias fills the matrix, and the bias becomes 0', async () => {
  const model = modelOf([2], layers.layers.dense({ name: 'fc', units: 3, biasInitializer: 'ones' }));
  loadTorchWeights(model, new Map([['fc.weight', { shape: [3, 2, 1, 1], values: oneTo(6) }]]));
  expect(await weightsOf(model)).toEqual([
    ['fc/kernel', [1, 3, 5, 2, 4, 6]],
    ['fc/bias', [0, 0, 0]],
  ]);
  model.dispose();
});

it('a kept head stays as it is, whatever its size in the checkpoint', async () => {
  const [from, to] = [5, 3].map(classes => resnet50({ ...small, classes, width: 1, seed: classes })) as [
    layers.LayersModel,
    layers.LayersModel,
  ];
  const head = new Map(await weightsOf(to)).get('fc/kernel');
  const report = loadTorchWeights(to, await checkpointOf(from, torchvisionNames), { head: 'keep' });
  const [expected, actual] = [new Map(await weightsOf(from)), new Map(await weightsOf(to))];
  expect(report.skipped).toEqual(['fc.weight', 'fc.bias']);
  expect(actual.get('fc/kernel')).toEqual(head);
  expect(actual.get('layer4_2_conv3/kernel')).toEqual(expected.get('layer4_2_conv3/kernel'));
  from.dispose();
  to.dispose();
});

it.each(['backbone.a.weight', 'module.backbone.a.weight', 'backbone.module.a.weight'])(
  'the prefix of %s is taken off',
  async name => {
    const model = four();
    loadTorchWeights(model, new Map([[name, { shape: [4, 1, 1, 1], values: oneTo(4) }]]), { prefix: 'backbone.' });
    expect(await weightsOf(model)).toEqual([['a/kernel', [1, 2, 3, 4]]]);
    model.dispose();
  },
);
