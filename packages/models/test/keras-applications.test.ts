import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { type KerasTensor, loadKerasWeights, mobileNetV1, mobileNetV2, resnet50, vgg16 } from '../src/index.js';
import { sizeOf, uniform } from './formula.js';

/** What `keras/applications.py` made of Keras's applications. */
interface Golden {
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly logits: readonly (readonly number[])[];
}

const golden = JSON.parse(readFileSync(new URL('./keras/applications.json', import.meta.url), 'utf8')) as Record<
  'MobileNet' | 'MobileNetV2' | 'VGG16' | 'ResNet50',
  Golden
>;

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

/** What `applications.py` calls `values`. */
function valuesOf(name: string, shape: readonly number[]): KerasTensor {
  const unit = uniform(name, sizeOf(shape));
  if (shape.length > 1) {
    const fan = shape.at(-1) === 1 ? shape[0]! * shape[1]! : sizeOf(shape.slice(0, -1));
    return { shape, values: Float32Array.from(unit, value => value * Math.sqrt(6 / fan)) };
  }
  const center = /(gamma|moving_variance)$/.test(name) ? 1 : 0;
  return { shape, values: Float32Array.from(unit, value => center + 0.2 * value) };
}

const options = { inputShape: [64, 64, 3], classes: 5 } as const;

it.each<['MobileNet' | 'MobileNetV2' | 'VGG16' | 'ResNet50', () => layers.LayersModel]>([
  ['MobileNet', () => mobileNetV1({ ...options, widthMultiplier: 0.125 })],
  ['MobileNetV2', () => mobileNetV2({ ...options, widthMultiplier: 0.35, variant: 'keras' })],
  ['VGG16', () => vgg16({ ...options, width: 4, hidden: 256 })],
  ['ResNet50', () => resnet50({ ...options, width: 4, strideAt: '1x1' })],
])(
  "%s gives Keras's logits to 1e-5 of the largest, with the names that Keras has for its weights",
  async (name, build) => {
    const before = tf.memory().numTensors;
    const model = build();
    const { tensors, logits } = golden[name];
    const named = new Map(Object.entries(tensors).map(([path, shape]) => [path, valuesOf(path, shape)]));
    expect(loadKerasWeights(model, named)).toMatchObject({ application: name, skipped: [] });
    const image = tf.tensor(Float32Array.from(uniform('image', 2 * 64 * 64 * 3)), [2, 64, 64, 3]);
    const output = model.predict(image) as tf.Tensor;
    const values = await output.data();
    const expected = logits.flat();
    const largest = Math.max(...expected.map(Math.abs));
    expect(largest).toBeGreaterThan(0.1);
    for (const [i, value] of expected.entries()) expect(Math.abs(values[i]! - value) / largest).toBeLessThan(1e-5);
    tf.dispose([image, output]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);
