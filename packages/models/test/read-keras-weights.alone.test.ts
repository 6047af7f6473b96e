import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import h5wasm, { type File } from 'h5wasm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { loadKerasWeights } from '../src/index.js';
import { ModelFileError, readKerasWeights } from '../src/node/index.js';
import { branched, distance, golden, keras, valuesOf } from './keras/golden.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-models-'));
  await tf.setBackend('cpu');
});
afterAll(() => rm(folder, { recursive: true }));
guardTensors({ beforeEach, afterEach });

/** Path of an HDF5 file of which `fill` makes the content. */
async function hdf5(fill: (file: File) => void): Promise<string> {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('/made.h5', 'w');
  fill(file);
  file.close();
  return written('made.h5', FS.readFile('/made.h5') as Uint8Array);
}

async function written(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

const refusal = (path: string): Promise<unknown> =>
  readKerasWeights(path).then(
    () => undefined,
    (error: unknown) => error,
  );

it.each(['keras2.h5', 'keras2-weights.h5', 'keras3.h5', 'keras3.keras', 'keras3.weights.h5'])(
  '%s, which Keras wrote, gives a model with its weights, zeros included, and its outputs',
  async name => {
    const model = branched();
    const read = await readKerasWeights(keras(name));
    const report = loadKerasWeights(model, read);
    expect(report).toEqual({ application: undefined, skipped: [], folded: [], preprocessing: undefined });
    expect(await valuesOf(model)).toEqual(golden.weights);
    // 4 kernels of 3x3x2x4, 3x3x4x1 and 36x3: the script set about half of their 216 values to 0.
    const zeros = Object.values(await valuesOf(model))
      .flat()
      .filter(value => value === 0);
    expect(zeros).toHaveLength(
      Object.values(golden.weights)
        .flat()
        .filter(value => value === 0).length,
    );
    expect(zeros.length).toBeGreaterThan(80);
    expect(await distance(model)).toBeLessThan(1e-6);
    model.dispose();
  },
);

it('names are layer and weight where the file has them, layer and place where it numbers weights', async () => {
  const named = ['conv/kernel', 'conv/bias', 'norm/gamma', 'norm/beta', 'norm/moving_mean', 'norm/moving_variance'];
  expect([...(await readKerasWeights(keras('keras2.h5'))).keys()].slice(0, 6)).toEqual(named);
  const numbered = ['conv/0', 'conv/1', 'depthwise/0', 'head/0', 'head/1', 'norm/0', 'norm/1', 'norm/2', 'norm/3'];
  expect([...(await readKerasWeights(keras('keras3.keras'))).keys()].sort()).toEqual(numbered);
});

it('a file that numbers weights and does not name layers is refused', async () => {
  const path = keras('keras2.weights.h5');
  const caught = await refusal(path);
  expect(caught).toBeInstanceOf(ModelFileError);
  expect(caught).toMatchObject({ code: 'KERAS_FILE_WITHOUT_NAMES', file: path });
  expect((caught as Error).message).toContain("model.save('model.h5')");
});

it('names of Keras 1, names made unique, nested models, doubles, integers and lists cut in two are understood', async () => {
  const path = await hdf5(file => {
    file.create_attribute('layer_names0', ['block1_conv1', 'fc']);
    file.create_attribute('layer_names1', ['inner', 'none']);
    const add = (layer: string, weights: Record<string, Float32Array | Float64Array | Int32Array>): void => {
      const group = file.create_group(layer);
      group.create_attribute('weight_names', Object.keys(weights));
      for (const [name, data] of Object.entries(weights)) {
        const [parent, leaf] = name.includes('/') ? name.split('/') : ['', name];
        const place = parent ? ((group.get(parent) as File | null) ?? group.create_group(parent)) : group;
        place.create_dataset({ name: leaf!, data, shape: [data.length] });
      }
    };
    add('block1_conv1', { 'block1_conv1_W_1:0': Float32Array.of(1, 0), 'block1_conv1_b_1:0': Float32Array.of(2) });
    add('fc', { 'fc_1/kernel:0': Float64Array.of(0.5), 'fc_1/bias:0': Int32Array.of(-3) });
    add('inner', { 'conv/kernel:0': Float32Array.of(4) });
    add('none', {});
  });
  expect([...(await readKerasWeights(path))]).toEqual([
    ['block1_conv1/kernel', { shape: [2], values: Float32Array.of(1, 0) }],
    ['block1_conv1/bias', { shape: [1], values: Float32Array.of(2) }],
    ['fc/kernel', { shape: [1], values: Float32Array.of(0.5) }],
    ['fc/bias', { shape: [1], values: Float32Array.of(-3) }],
    ['inner/conv/kernel', { shape: [1], values: Float32Array.of(4) }],
  ]);
});

it('numbered weights of nested models follow the names of their models, without random generators and optimizers', async () => {
  const path = await hdf5(file => {
    const add = (where: string, name: string, ...data: Float32Array[]): void => {
      const vars = file.create_group(where).create_group('vars');
      vars.create_attribute('name', name);
      for (const [i, values] of data.entries()) vars.create_dataset({ name: `${i}`, data: values });
    };
    file.create_group('layers');
    add('layers/functional', 'inner');
    file.create_group('layers/functional/layers');
    add('layers/functional/layers/dense', 'fc', Float32Array.of(1), Float32Array.of(0));
    add('layers/dropout', 'drop');
    add('layers/dropout/seed_generator', 'seed', Float32Array.of(7));
    add('optimizer', 'adam', Float32Array.of(8));
    file.create_group('vars').create_attribute('name', 'outer');
  });
  expect([...(await readKerasWeights(path))]).toEqual([
    ['inner/fc/0', { shape: [1], values: Float32Array.of(1) }],
    ['inner/fc/1', { shape: [1], values: Float32Array.of(0) }],
  ]);
});

const good = (): Promise<Buffer> => readFile(keras('keras2.h5'));
const archive = (): Promise<Buffer> => readFile(keras('keras3.keras'));

it.each<[string, () => Promise<string>, string]>([
  ['a path where nothing is', async () => join(folder, 'nothing.h5'), 'MODEL_FILE_UNREADABLE'],
  ['a folder', async () => folder, 'MODEL_FILE_UNREADABLE'],
  ['an empty file', () => written('a.h5', Buffer.alloc(0)), 'KERAS_FILE_INVALID'],
  ['a file of something else', () => written('a.h5', Buffer.from('{"not": "hdf5"}')), 'KERAS_FILE_INVALID'],
  ['a file cut off', async () => written('a.h5', (await good()).subarray(0, 20_000)), 'KERAS_FILE_INVALID'],
  ['an archive cut off', async () => written('a.keras', (await archive()).subarray(0, 9000)), 'KERAS_FILE_INVALID'],
  [
    'an archive with a wrong byte in its weights',
    async () => {
      const bytes = await archive();
      const at = bytes.indexOf('HDF\r\n') + 5000;
      bytes[at] = bytes[at]! ^ 255;
      return written('a.keras', bytes);
    },
    'KERAS_FILE_INVALID',
  ],
  ['an HDF5 file without layers', () => hdf5(file => file.create_group('data')), 'KERAS_FILE_INVALID'],
  [
    'a layer that is listed but not there',
    () => hdf5(file => file.create_attribute('layer_names', ['conv'])),
    'KERAS_FILE_INVALID',
  ],
  [
    'a list of numbers instead of names',
    () => hdf5(file => file.create_attribute('layer_names', Int32Array.of(1, 2))),
    'KERAS_FILE_INVALID',
  ],
  [
    'a weight that is listed but not there',
    () =>
      hdf5(file => {
        file.create_attribute('layer_names', ['conv']);
        file.create_group('conv').create_attribute('weight_names', ['conv/kernel:0']);
      }),
    'KERAS_FILE_INVALID',
  ],
  [
    'a weight that is a link to another file',
    () =>
      hdf5(file => {
        file.create_attribute('layer_names', ['conv']);
        const group = file.create_group('conv');
        group.create_attribute('weight_names', ['kernel:0']);
        group.create_external_link(keras('keras2.h5'), 'model_weights/conv/conv/kernel:0', 'kernel:0');
      }),
    'KERAS_FILE_INVALID',
  ],
  [
    'a weight that is there twice',
    () =>
      hdf5(file => {
        file.create_attribute('layer_names', ['conv', 'conv']);
        const group = file.create_group('conv');
        group.create_attribute('weight_names', ['kernel:0']);
        group.create_dataset({ name: 'kernel:0', data: Float32Array.of(1) });
      }),
    'KERAS_FILE_INVALID',
  ],
  [
    'a weight that says it has 8 GiB',
    () =>
      hdf5(file => {
        file.create_attribute('layer_names', ['conv']);
        const group = file.create_group('conv');
        group.create_attribute('weight_names', ['kernel:0']);
        const data = Float32Array.of(1);
        group
          .create_dataset({ name: 'kernel:0', data, shape: [1], maxshape: [null], chunks: [1] })
          .resize([2 ** 31 - 1]);
      }),
    'KERAS_FILE_INVALID',
  ],
  [
    'a weight outside of layers',
    () => hdf5(file => file.create_group('vars').create_dataset({ name: '0', data: Float32Array.of(1) })),
    'KERAS_FILE_INVALID',
  ],
  [
    'a circle of groups',
    () =>
      hdf5(file => {
        const layers = file.create_group('layers');
        layers.create_group('conv');
        file.create_hard_link('/', 'layers/conv/again');
      }),
    'KERAS_FILE_INVALID',
  ],
  [
    'a weight of strings',
    () =>
      hdf5(file => {
        file.create_attribute('layer_names', ['conv']);
        const group = file.create_group('conv');
        group.create_attribute('weight_names', ['kernel:0']);
        group.create_dataset({ name: 'kernel:0', data: ['one'] });
      }),
    'KERAS_TENSOR_UNSUPPORTED',
  ],
])('%s is refused, with the file and what to do', async (_, make, code) => {
  const path = await make();
  const caught = await refusal(path);
  expect(caught).toMatchObject({ name: 'ModelFileError', code, file: path });
  expect((caught as Error).message).toMatch(/^.*: .*\. (Give|Check|Save) .*\.$/s);
});

it('without h5wasm the error says how to install it', async () => {
  vi.resetModules();
  vi.doMock('../src/node/hdf5/h5wasm-address.js', () => ({ libraryAddress: () => 'file:///nowhere/h5wasm.js' }));
  const { readKerasWeights: read } = await import('../src/node/index.js');
  const caught: unknown = await read(keras('keras2.h5')).catch((error: unknown) => error);
  vi.doUnmock('../src/node/hdf5/h5wasm-address.js');
  expect(caught).toMatchObject({ code: 'H5WASM_MISSING' });
  expect((caught as Error).message).toContain('npm install h5wasm');
});
