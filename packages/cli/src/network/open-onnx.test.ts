import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardTensors } from '@espalier/core/testing';
import { exportOnnx } from '@espalier/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openNetwork } from './open-network.js';

let folder: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'espalier-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));
guardTensors({ beforeEach, afterEach });

it.each(['net.onnx', 'net'])('an ONNX file called %s is a network, with its names of classes', async name => {
  const model = sequential({
    layers: [
      layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, inputShape: [4, 4, 1] }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ name: 'head', units: 2 }),
    ],
  });
  const path = join(folder, name);
  await writeFile(path, await exportOnnx(model, { channels: 'first', classNames: ['cat', 'dog'] }));
  const kernel = [...(await model.getLayer('conv').getWeights()[0]!.data())];
  model.dispose();
  const { weights, metadata, model: topology } = await openNetwork(path);
  expect([...weights.keys()]).toEqual(['conv/kernel', 'conv/bias', 'head/kernel', 'head/bias']);
  expect([...weights.get('conv/kernel')!.values]).toEqual(kernel);
  expect(metadata?.classNames).toEqual(['cat', 'dog']);
  expect(topology).toBeDefined();
});

it('an ONNX file over the limit of memory is refused before it is read', async () => {
  const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
  const path = join(folder, 'limited.onnx');
  const bytes = await exportOnnx(model);
  await writeFile(path, bytes);
  model.dispose();
  const refusal = { code: 'ONNX_FILE_LIMIT', message: expect.stringContaining('memoryLimit') };
  await expect(openNetwork(path, { memoryLimit: bytes.length - 1 })).rejects.toMatchObject(refusal);
  expect((await openNetwork(path, { memoryLimit: bytes.length })).weights.size).toBe(2);
});
