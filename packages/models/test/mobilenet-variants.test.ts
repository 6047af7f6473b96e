import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { loadTorchWeights, type ModelName, modelByName, type NamedModelOptions } from '../src/index.js';
import { checkpointOf, timmNames } from './checkpoint-of.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const narrow = { inputShape: [32, 32, 3], classes: 3, widthMultiplier: 1 / 16 } as const;

// timm's own have 1e-5 and zeros on all sides; what came from TensorFlow 1e-3 and its padding.
it.each<[ModelName, NamedModelOptions['variant'], number | undefined, string]>([
  ['mobileNetV2', 'keras', undefined, "variant: 'torch'"],
  ['mobileNetV2', 'torch', 1e-3, "variant: 'keras'"],
  ['mobileNetV3Small', 'keras', undefined, "variant: 'timm'"],
  ['mobileNetV3Small', 'torch', undefined, "variant: 'timm'"],
  ['mobileNetV3Large', 'torch', 1e-3, "variant: 'keras'"],
])("%s of the variant %s refuses timm's weights at epsilon %d and says %s", async (name, variant, epsilon, remedy) => {
  const model = modelByName(name, { ...narrow, variant });
  const checkpoint = await checkpointOf(model, timmNames);
  const load = (): unknown => loadTorchWeights(model, checkpoint, epsilon === undefined ? {} : { epsilon });
  expect(load).toThrow(remedy);
  model.dispose();
});

it.each<[ModelName, NamedModelOptions['variant'], number | undefined, string, string]>([
  ['mobileNetV2', 'torch', undefined, 'imagenet', 'bicubic'],
  ['mobileNetV3Small', 'timm', undefined, 'imagenet', 'bicubic'],
  ['mobileNetV3Large', 'keras', 1e-3, 'minus-one-to-one', 'bilinear'],
])('%s of the variant %s takes them at epsilon %d, for images normalized by %s', async (...row) => {
  const [name, variant, epsilon, normalization, resize] = row;
  const model = modelByName(name, { ...narrow, variant });
  const checkpoint = await checkpointOf(model, timmNames);
  const report = loadTorchWeights(model, checkpoint, epsilon === undefined ? {} : { epsilon });
  expect(report).toMatchObject({ normalization, resize });
  model.dispose();
});
