import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import {
  loadTorchWeights,
  mobileNetV1,
  mobileNetV2,
  mobileNetV3Large,
  mobileNetV3Small,
  resnet18,
  resnet20,
  resnet50,
  resnet56,
  type TorchTensors,
  vgg16,
  wideResNet,
} from '../src/index.js';
import { riglNames } from './checkpoint-of.js';
import { fill, sizeOf, uniform } from './formula.js';

// Zeros in place of the first weights, which are overwritten.
vi.mock('../src/layers/initializer.js', () => {
  const zeros = (): unknown => layers.initializers.zeros();
  return { heNormal: zeros, leCunNormal: zeros, depthwiseHeNormal: zeros };
});

/** One net of `golden/logits.json`, which `golden/make.py` made with PyTorch. */
interface Golden {
  readonly image: readonly [batch: number, channels: number, height: number, width: number];
  readonly gain: number;
  readonly parameters: number;
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly logits: readonly (readonly number[])[];
}

const golden = JSON.parse(readFileSync(new URL('./golden/logits.json', import.meta.url), 'utf8')) as {
  readonly nets: Readonly<Record<string, Golden>>;
};

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});
guardTensors({ beforeEach, afterEach });

/** RigL's name of one of torchvision's tensors. */
const riglTensor = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return riglNames(name.slice(0, dot)) + name.slice(dot);
};

type Build = (options: { inputShape: [number, number, number]; classes: number }) => layers.LayersModel;

const nets: [string, Build][] = [
  ['resnet18', resnet18],
  ['resnet50', resnet50],
  ['riglResNet50', options => resnet50({ ...options, poolPadding: 'end' })],
  ['resnet20', resnet20],
  ['resnet56', resnet56],
  ['mobileNetV1', options => mobileNetV1({ ...options, variant: 'torch' })],
  ['wideResNet', options => wideResNet({ ...options, depth: 16, widenFactor: 2 })],
  ['vgg16', options => vgg16({ ...options, width: 8, hidden: 96 })],
  ['mobileNetV2', mobileNetV2],
  ['mobileNetV3Large', mobileNetV3Large],
  ['mobileNetV3Small', mobileNetV3Small],
  ['mobilenetv2_050', options => mobileNetV2({ ...options, widthMultiplier: 0.5 })],
  ['mobilenetv3_large_075', options => mobileNetV3Large({ ...options, widthMultiplier: 0.75, variant: 'timm' })],
  ['mobilenetv3_small_050', options => mobileNetV3Small({ ...options, widthMultiplier: 0.5, variant: 'timm' })],
  ['tf_mobilenetv3_small_100', options => mobileNetV3Small({ ...options, variant: 'keras' })],
];

it.each(nets)("%s with PyTorch's weights gives PyTorch's logits to 1e-4", async (name, build) => {
  const { image, gain, parameters, tensors: shapes, logits } = golden.nets[name]!;
  const [batch, channels, height, width] = image;
  const checkpoint: TorchTensors = new Map(
    Object.entries(shapes).map(([tensor, shape]) => [
      name === 'riglResNet50' ? riglTensor(tensor) : tensor,
      fill(tensor, shape, gain),
    ]),
  );
  const model = build({ inputShape: [height, width, channels], classes: logits[0]!.length });
  const report = loadTorchWeights(model, checkpoint, name.startsWith('tf_') ? { epsilon: 1e-3 } : {});
  expect(report.resize).toBe(/^rigl|^mobilenetv/.test(name) ? 'bicubic' : 'bilinear');
  expect(model.trainableWeights.reduce((sum, weight) => sum + sizeOf(weight.shape as number[]), 0)).toBe(parameters);
  const pixels = Float32Array.from(uniform('image', sizeOf(image)), value => 2 * value);
  const output = tf.tidy(() => {
    const input = tf.transpose(tf.tensor(pixels, [batch, channels, height, width]), [0, 2, 3, 1]);
    return model.predict(input) as tf.Tensor;
  });
  const actual = await output.data();
  const expected = logits.flat();
  expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.5);
  expect(Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value)))).toBeLessThan(1e-4);
  output.dispose();
  model.dispose();
});
