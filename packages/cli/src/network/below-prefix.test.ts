import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SafetensorsTensor, writeSafetensors } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { mobileNetV2, resnet20, torchWeightsOf } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openNetwork } from './open-network.js';

let folder = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'espalier-prefix-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
guardTensors({ beforeEach, afterEach });

/** A file of a model's weights with PyTorch's names behind a prefix. */
async function fileOf(model: LayersModel, prefix: string, keep = (_: string): boolean => true): Promise<string> {
  const tensors = [...((await torchWeightsOf(model)) ?? [])]
    .filter(([name]) => keep(name))
    .map(([name, { shape, values }]): [string, SafetensorsTensor] => {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      return [`${prefix}${name}`, { dtype: 'F32', shape: [...shape], bytes }];
    });
  const counter: SafetensorsTensor = { dtype: 'I64', shape: [], bytes: new Uint8Array(8) };
  tensors.push([`${prefix}bn1.num_batches_tracked`, counter]);
  const path = join(folder, `${prefix}${tensors.length}.safetensors`);
  await writeFile(path, writeSafetensors(new Map(tensors)));
  return path;
}

it.each(['', 'backbone.', 'model.encoder.', 'model.module.', '_orig_mod.'])(
  'weights whose names all begin with "%s" fill the architecture',
  async prefix => {
    const model = resnet20({ seed: 1, classes: 4 });
    const { weights } = await openNetwork('resnet20', { weights: await fileOf(model, prefix) });
    const expected = (await model.layers.at(-1)?.weights[0]?.read().data()) as Float32Array;
    expect(weights.get('logits/kernel')?.values).toEqual(expected);
    model.dispose();
  },
);

it('a part that all names of a body have on their own is no prefix', async () => {
  const model = mobileNetV2({ seed: 1, widthMultiplier: 0.5, inputShape: [32, 32, 3] });
  const path = await fileOf(model, 'student.', name => !name.startsWith('classifier'));
  model.dispose();
  // the full width is built, so that the first shape that differs is told of, by its full name
  await expect(openNetwork('mobileNetV2', { weights: path })).rejects.toMatchObject({
    code: 'TORCH_SHAPE_MISMATCH',
    message: expect.stringContaining('"student.'),
  });
});

it('names that fit with no prefix are told of as they are', async () => {
  const model = resnet20({ seed: 1 });
  const path = await fileOf(model, 'other.');
  model.dispose();
  await expect(openNetwork('vgg16', { weights: path })).rejects.toMatchObject({
    code: 'TORCH_TENSORS_MISMATCH',
    message: expect.stringContaining('other.conv1.weight'),
  });
});
