import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { mobileNetV1, resnet18, resnet20, smallConvNet } from '../src/index.js';
import * as api from '../src/node/index.js';
import { branched, distance, golden, keras, valuesOf } from './keras/golden.js';
import { type Saved, saved, toDisk } from './saved-model.js';

const { readLayersModel } = api;

const folders: string[] = [];
beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function write(model: Saved): Promise<string> {
  const path = await toDisk(model);
  folders.push(dirname(path));
  return path;
}

/** Half of the weights zero, the rest drawn. */
function sparse(model: layers.LayersModel): layers.LayersModel {
  for (const [index, weight] of model.weights.entries()) {
    const values = tf.tidy(() => {
      const drawn = tf.randomUniform(weight.shape as number[], 0.5, 1, 'float32', index + 1);
      return tf.where(tf.greater(drawn, 0.75), drawn, tf.zerosLike(drawn));
    });
    weight.write(values);
    values.dispose();
  }
  return model;
}

async function predictions(model: layers.LayersModel): Promise<number[]> {
  const [, ...shape] = model.inputs[0]!.shape as number[];
  const output = tf.tidy(() => model.predict(tf.randomUniform([2, ...shape], 0, 1, 'float32', 3)) as tf.Tensor);
  const values = [...(await output.data())];
  output.dispose();
  return values;
}

it.each<[string, () => layers.LayersModel]>([
  ['a small net', () => smallConvNet({ inputShape: [8, 8, 1], classes: 3 })],
  ['a ResNet-20', () => resnet20({ inputShape: [8, 8, 3], width: 2 })],
  ['a ResNet-18', () => resnet18({ inputShape: [32, 32, 3], width: 1, classes: 2 })],
  ['a MobileNetV1', () => mobileNetV1({ inputShape: [32, 32, 3], widthMultiplier: 1 / 32, classes: 2 })],
])('%s that was saved comes back with the same names, weights, zeros and predictions', async (_, build) => {
  const model = sparse(build());
  const path = await write(await saved(model));
  const back = await readLayersModel(path);
  const values = await valuesOf(back);
  expect(values).toEqual(await valuesOf(model));
  expect(
    Object.values(values)
      .flat()
      .filter(value => value === 0).length,
  ).toBeGreaterThan(100);
  expect(await predictions(back)).toEqual(await predictions(model));
  model.dispose();
  back.dispose();
});

it('metadata comes back', async () => {
  const model = branched();
  model.setUserDefinedMetadata({ masks: { conv: [1, 0] } });
  const back = await readLayersModel(await write(await saved(model)));
  expect(back.getUserDefinedMetadata()).toEqual({ masks: { conv: [1, 0] } });
  model.dispose();
  back.dispose();
});

/** The branched model with its weights of Keras, in memory. */
async function example(): Promise<Saved> {
  const model = await readLayersModel(keras('keras3-tfjs/model.json'));
  const result = await saved(model);
  model.dispose();
  return result;
}

it("Keras 3's own model.json and weights give Keras's outputs", async () => {
  const model = await readLayersModel(keras('keras3-tfjs/model.json'));
  expect(await valuesOf(model)).toEqual(golden.weights);
  expect(await distance(model)).toBeLessThan(1e-6);
  model.dispose();
});

it('weights in several files, in folders and compressed with or without a name that says so, are put together', async () => {
  const { json, files } = await example();
  const bytes = files.get('weights.bin')!;
  json.weightsManifest[0]!.paths = ['shards/1.bin', 'shards/2.bin.gz', '3.bin'];
  const parts = new Map([
    ['shards/1.bin', bytes.subarray(0, 101)],
    ['shards/2.bin.gz', gzipSync(bytes.subarray(101, 500))],
    ['3.bin.gz', gzipSync(bytes.subarray(500))],
  ]);
  const model = await readLayersModel(await write({ json, files: parts }));
  expect(await valuesOf(model)).toEqual(golden.weights);
  model.dispose();
});

it('quantized weights are decoded, and the state of an optimizer is left out', async () => {
  const { json, files } = await example();
  const group = json.weightsManifest[0]!;
  const last = group.weights.at(-1)!; // norm/moving_variance, 4 numbers
  group.weights[group.weights.length - 1] = { ...last, quantization: { dtype: 'uint8', scale: 0.5, min: -1 } };
  group.weights.push({ name: 'iterations', shape: [2], dtype: 'float32', group: 'optimizer' });
  const floats = files.get('weights.bin')!;
  files.set(
    'weights.bin',
    Buffer.concat([floats.subarray(0, floats.length - 16), Buffer.from([2, 0, 255, 4]), Buffer.alloc(8)]),
  );
  const model = await readLayersModel(await write({ json, files }));
  // 0.5 · 2 - 1 = 0, 0.5 · 0 - 1 = -1, 0.5 · 255 - 1 = 126.5, 0.5 · 4 - 1 = 1
  expect((await valuesOf(model))['norm/moving_variance']).toEqual([0, -1, 126.5, 1]);
  model.dispose();
});

type Damage = (model: Saved) => void;
const weightsOf = ({ json }: Saved): Saved['json']['weightsManifest'][number] => json.weightsManifest[0]!;
const configOf = ({ json }: Saved): { layers: { class_name: string; config: Record<string, unknown> }[] } => {
  const topology = json.modelTopology as { model_config?: { config: never }; config: never };
  return (topology.model_config ?? topology).config;
};

it.each<[string, Damage, string, string]>([
  ['a missing file of weights', m => m.files.delete('weights.bin'), 'MODEL_FILE_UNREADABLE', 'weights.bin'],
  ['a file of weights that is too short', m => shorten(m, 4), 'MODEL_WEIGHTS_DAMAGED', 'weights.bin'],
  ['a file of weights that is too long', m => shorten(m, -1), 'MODEL_WEIGHTS_DAMAGED', 'weights.bin'],
  [
    'a compressed file that is none',
    m => {
      weightsOf(m).paths = ['weights.gz'];
      m.files.set('weights.gz', m.files.get('weights.bin')!);
    },
    'MODEL_WEIGHTS_DAMAGED',
    'weights.gz',
  ],
  [
    'a compressed file that unpacks to more',
    m => {
      weightsOf(m).paths = ['weights.gz'];
      m.files.set('weights.gz', gzipSync(Buffer.alloc(10_000_000)));
    },
    'MODEL_WEIGHTS_DAMAGED',
    'weights.gz',
  ],
  [
    'an impossible number of values for an optimizer',
    m => weightsOf(m).weights.push({ name: 'slot', shape: [2 ** 50], dtype: 'float32', group: 'optimizer' }),
    'MODEL_WEIGHTS_DAMAGED',
    'weights.bin',
  ],
  ['no file of weights', m => (weightsOf(m).paths = []), 'MODEL_WEIGHTS_DAMAGED', ''],
  ...['../weights.bin', '/etc/hostname', 'a/../../weights.bin', '..', '', 'C:\\weights.bin', '..\\weights.bin'].map(
    (path): [string, Damage, string, string] => [
      `the path "${path}"`,
      m => (weightsOf(m).paths = [path]),
      'MODEL_PATH_OUTSIDE',
      'model.json',
    ],
  ),
  ['no topology', m => delete m.json.modelTopology, 'MODEL_JSON_INVALID', 'model.json'],
  ['a topology of something else', m => (m.json.modelTopology = { a: 1 }), 'MODEL_JSON_INVALID', 'model.json'],
  ['no manifest', m => delete (m.json as Record<string, unknown>).weightsManifest, 'MODEL_JSON_INVALID', 'model.json'],
  ['a negative side', m => (weightsOf(m).weights[0]!.shape = [-1]), 'MODEL_JSON_INVALID', 'model.json'],
  ['weights of strings', m => (weightsOf(m).weights[0]!.dtype = 'string'), 'MODEL_JSON_INVALID', 'model.json'],
  ['a graph model', m => (m.json.format = 'graph-model'), 'MODEL_IS_A_GRAPH', 'model.json'],
  [
    'a weight that no layer has',
    m => (weightsOf(m).weights[0]!.name = 'other/kernel'),
    'MODEL_WEIGHTS_MISMATCH',
    'model.json',
  ],
  ['a missing weight', m => weightsOf(m).weights.pop(), 'MODEL_WEIGHTS_MISMATCH', 'model.json'],
  [
    'a weight that is there twice',
    m => weightsOf(m).weights.push(weightsOf(m).weights[0]!),
    'MODEL_WEIGHTS_MISMATCH',
    'model.json',
  ],
  [
    'a weight of another shape',
    m => (weightsOf(m).weights[0]!.shape = [3, 3, 4, 2]),
    'MODEL_WEIGHTS_MISMATCH',
    'model.json',
  ],
  ['a weight of another type', m => (weightsOf(m).weights[0]!.dtype = 'int32'), 'MODEL_WEIGHTS_MISMATCH', 'model.json'],
  [
    'an unknown layer after layers with weights',
    m => (configOf(m).layers.at(-1)!.class_name = 'Mystery'),
    'UNREGISTERED_CLASS',
    'model.json',
  ],
  [
    'a layer that does not fit the one before',
    m => (configOf(m).layers.find(layer => layer.config.name === 'depthwise')!.config.kernel_size = [9, 'x']),
    'MODEL_TOPOLOGY_UNSUPPORTED',
    'model.json',
  ],
])('%s is refused with the file and what to do, and leaves no tensors', async (_, damage, code, file) => {
  const model = await example();
  damage(model);
  const path = await write(model);
  const caught = await readLayersModel(path).catch((error: unknown) => error);
  expect(caught).toMatchObject({ name: 'ModelFileError', code, file: join(dirname(path), file) });
  expect((caught as Error).message).toMatch(/^\/.*: .*\. (Give|Take|Check|Copy|Put|Register|Convert) .*\.$/s);
});

function shorten({ files }: Saved, bytes: number): void {
  const all = files.get('weights.bin')!;
  files.set('weights.bin', bytes > 0 ? all.subarray(bytes) : Buffer.concat([all, Buffer.alloc(-bytes)]));
}

it.each([
  ['nothing', ''],
  ['half a file', '{"modelTopology": {'],
  ['an array', '[]'],
])('%s instead of JSON is refused', async (_, text) => {
  const path = await write(await example());
  await writeFile(path, text);
  expect(await readLayersModel(path).catch((error: unknown) => error)).toMatchObject({
    code: 'MODEL_JSON_INVALID',
    file: path,
  });
});

it.each<[string, (node: { args: unknown[]; kwargs: Record<string, unknown> }) => void]>([
  ['a layer called with an argument by name', node => (node.kwargs = { mask: [1] })],
  ['a layer called with two arguments', node => node.args.push(1)],
  ['a layer called with a number', node => (node.args = [1])],
])('%s, for which there is no older spelling, is refused with the way to export it', async (_, change) => {
  const json = JSON.parse(await readFile(keras('keras3-tfjs/model.json'), 'utf8')) as Saved['json'];
  const files = new Map([['weights.bin', await readFile(keras('keras3-tfjs/weights.bin'))]]);
  const conv = configOf({ json, files }).layers[1] as unknown as { inbound_nodes: never[] };
  change(conv.inbound_nodes[0]!);
  const caught = await readLayersModel(await write({ json, files })).catch((error: unknown) => error);
  expect(caught).toMatchObject({ code: 'MODEL_TOPOLOGY_UNSUPPORTED' });
  expect((caught as Error).message).toContain('tf-keras');
});

it('the entry point exports exactly these names', () => {
  const names = ['ModelFileError', 'kerasWeightsFile', 'readKerasModel', 'readKerasWeights', 'readLayersModel'];
  expect(Object.keys(api).sort()).toEqual(names);
});

it('a model whose weights are above the limit on memory is refused before it is built, and read at the limit', async () => {
  const model = smallConvNet({ inputShape: [8, 8, 1], classes: 3 });
  const bytes = 4 * model.countParams();
  const path = await write(await saved(model));
  model.dispose();
  await expect(readLayersModel(path, { memoryLimit: bytes - 1 })).rejects.toMatchObject({ code: 'MODEL_MEMORY_LIMIT' });
  await expect(readLayersModel(path, { memoryLimt: 1 } as never)).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
  (await readLayersModel(path, { memoryLimit: bytes })).dispose();
});
