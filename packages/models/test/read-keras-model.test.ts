import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import h5wasm from 'h5wasm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readKerasModel } from '../src/node/index.js';
import { distance, golden, keras, valuesOf } from './keras/golden.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-keras-'));
  await tf.setBackend('cpu');
});
afterAll(() => rm(folder, { recursive: true }));
guardTensors({ beforeEach, afterEach });

it.each(['keras2.h5', 'keras3.h5', 'keras3.keras'])(
  "%s becomes the model that Keras saved, with Keras's outputs",
  async name => {
    const model = await readKerasModel(keras(name));
    expect(model.name).toBe('branched');
    const values = await valuesOf(model);
    for (const [weight, expected] of Object.entries(golden.weights)) expect(values[weight]).toEqual(expected);
    expect(Object.keys(values)).toHaveLength(Object.keys(golden.weights).length);
    expect(await distance(model)).toBeLessThan(1e-6);
    model.dispose();
  },
);

it.each(['keras2-weights.h5', 'keras3.weights.h5'])('%s holds no topology and is refused for that', async name => {
  await expect(readKerasModel(keras(name))).rejects.toMatchObject({
    code: 'KERAS_FILE_WITHOUT_TOPOLOGY',
    file: keras(name),
    message: expect.stringContaining("model.save('model.h5')"),
  });
});

it.each([
  ['no JSON', '{"class_name"', 'KERAS_FILE_INVALID'],
  ['a list', '[]', 'KERAS_FILE_INVALID'],
  ['no model', '{"class_name":"Functional"}', 'MODEL_TOPOLOGY_UNSUPPORTED'],
  [
    'a layer that nobody has',
    '{"class_name":"Sequential","config":{"layers":[{"class_name":"Mine","config":{"name":"a"}}]}}',
    'UNREGISTERED_CLASS',
  ],
])('a configuration that is %s is refused and leaves no tensors', async (_, config, code) => {
  const { FS } = await h5wasm.ready;
  FS.writeFile('/changed.h5', await readFile(keras('keras2.h5')));
  const file = new h5wasm.File('/changed.h5', 'a');
  file.delete_attribute('model_config');
  file.create_attribute('model_config', config);
  file.close();
  const path = join(folder, 'changed.h5');
  await writeFile(path, FS.readFile('/changed.h5') as Uint8Array);
  await expect(readKerasModel(path)).rejects.toMatchObject({ code, message: expect.stringContaining(path) });
});
