import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  loadKerasWeights,
  loadTorchWeights,
  type ModelName,
  modelByName,
  type NamedModelOptions,
  torchWeightsOf,
} from '../src/index.js';
import { kerasWeightsFile, readKerasWeights } from '../src/node/index.js';
import { checkpointOf, cifarNames, mobileNetNames, type Naming, timmNames, torchvisionNames } from './checkpoint-of.js';
import { weightsOf } from './layers-model.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-write-'));
  await tf.setBackend('cpu');
});
afterAll(() => rm(folder, { recursive: true }));
guardTensors({ beforeEach, afterEach });

const small = { inputShape: [32, 32, 3], classes: 3 } as const;
const families: [ModelName, NamedModelOptions, Naming][] = [
  ['resnet18', { ...small, width: 1 }, torchvisionNames],
  ['resnet50', { ...small, width: 1 }, torchvisionNames],
  ['resnet20', { width: 2 }, cifarNames],
  ['mobileNetV1', { ...small, widthMultiplier: 1 / 16, variant: 'torch' }, mobileNetNames],
  ['mobileNetV2', { ...small, widthMultiplier: 0.1 }, timmNames],
  ['mobileNetV3Small', { ...small, widthMultiplier: 0.1, variant: 'timm' }, timmNames],
  ['wideResNet', { depth: 10, widenFactor: 1 }, torchvisionNames],
  ['vgg16', { ...small, inputShape: [64, 32, 3], width: 1, hidden: 3 }, torchvisionNames],
];

it.each(families)(
  "%s %j is written with PyTorch's names and layout, and read back bit for bit",
  async (name, options, naming) => {
    const [from, to] = [1, 2].map(seed => modelByName(name, { ...options, seed })) as [
      layers.LayersModel,
      layers.LayersModel,
    ];
    const written = await torchWeightsOf(from);
    // what TensorFlow.js's own transposes make, and PyTorch's shapes
    expect(written).toEqual(await checkpointOf(from, naming));
    loadTorchWeights(to, written!);
    expect(await weightsOf(to)).toEqual(await weightsOf(from));
    from.dispose();
    to.dispose();
  },
);

it('EfficientNet-Lite has names of timm, and models of no known architecture none', async () => {
  const model = layers.sequential({ layers: [layers.layers.dense({ name: 'head', units: 1, inputShape: [1] })] });
  expect(await torchWeightsOf(model)).toBeUndefined();
  const marked = layers.sequential({
    layers: [
      layers.layers.depthwiseConv2d({
        name: 'blocks_0_0_conv_dw',
        kernelSize: 1,
        useBias: false,
        inputShape: [2, 2, 1],
      }),
      layers.layers.batchNormalization({ name: 'blocks_12_3_bn1' }),
    ],
  });
  expect([...(await torchWeightsOf(marked))!.keys()]).toEqual([
    'blocks.0.0.conv_dw.weight',
    ...['weight', 'bias', 'running_mean', 'running_var'].map(part => `blocks.12.3.bn1.${part}`),
  ]);
  expect(timmNames('blocks_0_0_conv_dw')).toBe('blocks.0.0.conv_dw');
  model.dispose();
  marked.dispose();
});

it('a file of weights for Keras is read back bit for bit, networks inside of networks too', async () => {
  const make = (seed: number): layers.LayersModel => {
    const inner = layers.sequential({
      name: 'inner',
      layers: [
        layers.layers.depthwiseConv2d({ name: 'dw', kernelSize: 2, inputShape: [4, 4, 2] }),
        layers.layers.batchNormalization({ name: 'norm' }),
      ],
    });
    const model = layers.sequential({
      layers: [inner, layers.layers.flatten(), layers.layers.dense({ name: 'head', units: 3 })],
    });
    for (const [i, weight] of model.weights.entries()) {
      const drawn = tf.randomUniform(weight.shape as number[], 0, 1, 'float32', 10 * seed + i + 1);
      weight.write(drawn);
      drawn.dispose();
    }
    return model;
  };
  const [from, to] = [make(1), make(2)];
  const path = join(folder, 'nested.h5');
  await writeFile(path, await kerasWeightsFile(from));
  const read = await readKerasWeights(path);
  loadKerasWeights(to, read);
  expect(await weightsOf(to)).toEqual(await weightsOf(from));
  from.dispose();
  to.dispose();
});

it('lists of names too long for one attribute are cut as Keras cuts them', async () => {
  const name = (i: number): string => `${'long'.repeat(60)}_${i}`;
  const model = layers.sequential({
    layers: Array.from({ length: 300 }, (_, i) => layers.layers.dense({ name: name(i), units: 1, inputShape: [1] })),
  });
  const path = join(folder, 'long.h5');
  await writeFile(path, await kerasWeightsFile(model));
  const read = await readKerasWeights(path);
  expect(read.size).toBe(600);
  expect([...read.keys()].at(-1)).toBe(`${name(299)}/bias`);
  model.dispose();
});
