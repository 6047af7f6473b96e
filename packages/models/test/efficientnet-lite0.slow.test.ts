import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { namedNormalization, readSafetensors } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { resizeAndCrop, streamSequentialBatches } from '@espalier/datasets';
import { imageList } from '@espalier/datasets/node';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { efficientnetLite0, loadTorchWeights } from '../src/index.js';

const folder = join(process.env.ESPALIER_DATA ?? '', 'real-networks');
const published = process.env.ESPALIER_DATA !== undefined && existsSync(join(folder, 'efficientnet-lite0'));

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});
guardTensors({ beforeEach, afterEach });

it.skipIf(!published)(
  "EfficientNet-Lite0 with its published weights gives PyTorch's logits of photographs",
  async () => {
    const file = await readFile(join(folder, 'efficientnet-lite0/lite0.safetensors'));
    const model = efficientnetLite0();
    expect(loadTorchWeights(model, readSafetensors(file).tensors)).toMatchObject({
      normalization: 'efficientnet-lite',
    });
    // shorter side to 256 bicubic (Pillow), middle 224, (x − 127) / 128, as its README says
    const lines = (await readFile(join(folder, 'images/index.csv'), 'utf8')).trim().split('\n').slice(1);
    const images = lines.slice(0, 8).map(line => ({ path: line.split(',')[0] as string, label: 0 }));
    const files = imageList({ name: 'photographs', classes: ['any'], folder: join(folder, 'images'), images });
    const { mean, std } = namedNormalization('efficientnet-lite');
    const [channels, deviations] = [mean, std].map(([one = 0]) => [one, one, one]);
    const stream = streamSequentialBatches(files, {
      batchSize: 8,
      transform: resizeAndCrop({ interpolation: 'bicubic' }),
      normalize: { mean: channels as number[], std: deviations as number[] },
    });
    const raw = await readFile(join(folder, 'efficientnet-lite0/pytorch-logits-200x1000.f32'));
    const expected = new Float32Array(raw.buffer, raw.byteOffset, 8000);
    for await (const batch of stream) {
      const output = tf.tidy(
        () => model.predict(tf.tensor4d(batch.images as Float32Array, [8, 224, 224, 3])) as tf.Tensor,
      );
      const actual = await output.data();
      const [largest, furthest] = [expected, expected.map((value, i) => value - (actual[i] as number))].map(values =>
        values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      ) as [number, number];
      expect(largest).toBeGreaterThan(5);
      expect(furthest).toBeLessThan(1e-4); // measured: 8.5e-6
      output.dispose();
    }
    model.dispose();
  },
);
