import '@tensorflow/tfjs-backend-cpu';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Checkpoint, classNamesOf } from '@espalier/core';
import { writeCheckpoint } from '@espalier/core/node';
import { guardTensors } from '@espalier/core/testing';
import { toModel } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { checkpointOfModel } from './checkpoint-of-model.js';
import { openNetwork } from './open-network.js';

let folder = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'espalier-network-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
guardTensors({ beforeEach, afterEach });

const keras = (file: string): string => fileURLToPath(new URL(`../../../models/test/keras/${file}`, import.meta.url));
const refusal = (opened: Promise<unknown>): Promise<{ code?: string; message?: string }> =>
  opened.then(
    () => ({}),
    (error: Error) => error,
  );

/** Two pixels of one channel, flattened, two classes. */
function tiny(): LayersModel {
  const kernel = tf.tensor2d([1, 0, 2, 3], [2, 2]);
  const bias = tf.tensor1d([5, 6]);
  const head = layers.dense({ name: 'head', units: 2, trainable: false });
  const model = sequential({ layers: [layers.flatten({ inputShape: [2, 1, 1] }), head] });
  head.setWeights([kernel, bias]);
  tf.dispose([kernel, bias]);
  return model;
}

/** A model.json and its weights in a folder of their own. */
async function saved(name: string, model: LayersModel): Promise<string> {
  await mkdir(join(folder, name));
  const save = tf.io.withSaveHandler(async ({ weightData, weightSpecs = [], ...artifacts }) => {
    await writeFile(join(folder, name, 'w.bin'), new Uint8Array(weightData as ArrayBuffer));
    const weightsManifest = [{ paths: ['w.bin'], weights: weightSpecs }];
    await writeFile(join(folder, name, 'model.json'), JSON.stringify({ ...artifacts, weightsManifest }));
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await model.save(save);
  model.dispose();
  return join(folder, name, 'model.json');
}

const valuesOf = ({ weights }: Checkpoint, name: string): number[] => [...(weights.get(name)?.values ?? [])];

it('a model.json gives its layers and weights, thaws what is frozen, and says so', async () => {
  const lines: string[] = [];
  const checkpoint = await openNetwork(await saved('plain', tiny()), { say: line => lines.push(line) });
  expect(valuesOf(checkpoint, 'head/kernel')).toEqual([1, 0, 2, 3]);
  expect(checkpoint.weights.get('head/kernel')?.trainable).toBe(true);
  expect(lines).toEqual(['1 layer is frozen in the file, and trained here.']);
  expect(checkpoint).toMatchObject({ optimizer: null, metadata: {} });
  const model = await toModel(checkpoint);
  expect(model.outputShape).toEqual([null, 2]);
  model.dispose();
});

// One of four entries is 0: chance. Three of four: a sparse network.
it('zeros are masked only where there are many of them', async () => {
  const dense = await openNetwork(await saved('dense', tiny()));
  expect([...(dense.masks.get('head/kernel') ?? [])]).toEqual([1, 1, 1, 1]);
  const model = tiny();
  const kernel = tf.tensor2d([1, 0, 0, 0], [2, 2]);
  model.layers[1]!.weights[0]!.write(kernel);
  kernel.dispose();
  const sparse = await openNetwork(await saved('sparse', model));
  expect([...(sparse.masks.get('head/kernel') ?? [])]).toEqual([1, 0, 0, 0]);
});

it('names of classes beside a model.json are taken if they are as many as its outputs', async () => {
  const path = await saved('labeled', tiny());
  await writeFile(join(folder, 'labeled/metadata.json'), JSON.stringify({ labels: ['cat', 'dog'] }));
  expect(classNamesOf((await openNetwork(path)).metadata)).toEqual(['cat', 'dog']);
  await writeFile(join(folder, 'labeled/metadata.json'), JSON.stringify({ labels: ['cat', 'dog', 'cow'] }));
  expect(classNamesOf((await openNetwork(path)).metadata)).toBeUndefined();
  await writeFile(join(folder, 'labeled/labels.txt'), 'one\r\ntwo\r\n');
  expect(classNamesOf((await openNetwork(path)).metadata)).toEqual(['one', 'two']);
});

it.each(['keras2.h5', 'keras3.h5', 'keras3.keras'])(
  '%s of Keras is read with its topology, whatever its name',
  async file => {
    await copyFile(keras(file), join(folder, 'renamed'));
    const checkpoint = await openNetwork(join(folder, 'renamed'));
    expect([...checkpoint.weights.keys()]).toContain('depthwise/depthwise_kernel');
    // about half of its weights are 0
    expect(checkpoint.masks.get('conv/kernel')?.includes(0)).toBe(true);
  },
);

it('a module gives a model, or a function that makes one with the TensorFlow.js of the command', async () => {
  const make = `({ tf, layers }) => layers.sequential({ layers: [layers.layers.dense({ name: 'own', units: 3, inputShape: [2] })] })`;
  await writeFile(join(folder, 'makes.mjs'), `export default ${make};`);
  await writeFile(join(folder, 'async.mjs'), `const make = ${make};\nexport const model = async given => make(given);`);
  for (const name of ['makes.mjs', 'async.mjs']) {
    const { weights } = await openNetwork(join(folder, name));
    expect([...weights.keys()]).toEqual(['own/kernel', 'own/bias']);
  }
});

it.each([
  ['nothing.mjs', '', 'It exports nothing.'],
  ['other.mjs', 'export const net = 1;', 'It exports net.'],
  ['text.mjs', "export default 'net';", 'What it exports is no LayersModel.'],
  [
    'throws.mjs',
    "export default () => { throw new Error('no weights'); };",
    'The function that it exports threw: no weights.',
  ],
  ['broken.mjs', 'export default {;', 'It cannot be loaded: '],
])('%s is refused with the reason and the remedy', async (name, text, reason) => {
  await writeFile(join(folder, name), text);
  const { code, message } = await refusal(openNetwork(join(folder, name)));
  expect(code).toBe('NETWORK_MODULE');
  expect(message).toContain(reason);
});

it('a checkpoint is read as it is', async () => {
  const first = await openNetwork(await saved('again', tiny()));
  await writeCheckpoint(join(folder, 'own.bin'), first);
  expect(await openNetwork(join(folder, 'own.bin'))).toEqual(first);
});

it('layers of others are read once a module registers them', async () => {
  const own = `class Twice extends layers.layers.Layer {
    call(inputs) { return tf.mul(Array.isArray(inputs) ? inputs[0] : inputs, 2); }
    computeOutputShape(shape) { return shape; }
  }
  Twice.className = 'TwiceOfTheTest';
  tf.serialization.registerClass(Twice);`;
  const network = {
    format: 'layers-model',
    modelTopology: {
      class_name: 'Sequential',
      config: {
        name: 'net',
        layers: [
          { class_name: 'Dense', config: { name: 'head', units: 1, use_bias: false, batch_input_shape: [null, 1] } },
          { class_name: 'TwiceOfTheTest', config: { name: 'twice' } },
        ],
      },
    },
    weightsManifest: [{ paths: ['w'], weights: [{ name: 'head/kernel', shape: [1, 1], dtype: 'float32' }] }],
  };
  await mkdir(join(folder, 'own'));
  const path = join(folder, 'own/model.json');
  await writeFile(path, JSON.stringify(network));
  await writeFile(join(folder, 'own/w'), new Uint8Array(Float32Array.of(3).buffer));
  expect((await refusal(openNetwork(path))).code).toBe('UNREGISTERED_CLASS');
  await writeFile(join(folder, 'none.mjs'), 'export function register() {}');
  const none = await refusal(openNetwork(path, { register: [join(folder, 'none.mjs')] }));
  expect(none).toMatchObject({ code: 'NETWORK_MODULE', message: expect.stringContaining('registered no class') });
  await writeFile(join(folder, 'twice.mjs'), `export function register({ tf, layers }) { ${own} }`);
  for (let time = 0; time < 2; time++) {
    const checkpoint = await openNetwork(path, { register: [join(folder, 'twice.mjs')] });
    const model = await toModel(checkpoint);
    const output = tf.tidy(() => model.predict(tf.tensor2d([[5]])) as tf.Tensor);
    expect([...(await output.data())]).toEqual([30]); // 5 · 3 · 2
    output.dispose();
    model.dispose();
  }
});

it('says which weights of a checkpoint hold NaN', async () => {
  const model = tiny();
  const damaged = tf.tensor1d([5, Number.NaN]);
  const kernel = model.getLayer('head').getWeights()[0] as tf.Tensor;
  model.getLayer('head').setWeights([kernel, damaged]);
  const checkpoint = await checkpointOfModel(model, {}, () => {});
  model.dispose();
  damaged.dispose();
  const path = join(folder, 'damaged.safetensors');
  await writeCheckpoint(path, checkpoint);
  const lines: string[] = [];
  await openNetwork(path, { say: line => lines.push(line) });
  expect(lines).toEqual([
    expect.stringMatching(/^Warning: A weight of the network holds NaN or infinity \(head\/bias\)/),
  ]);
});

it('says which layers of augmentation of a Keras file are left out', async () => {
  const lines: string[] = [];
  await openNetwork(keras('augmented3.keras'), { say: line => lines.push(line) });
  expect(lines).toEqual([expect.stringContaining('random_flip, random_rotation, random_contrast')]);
});
