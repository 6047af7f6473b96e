import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Checkpoint,
  fixed,
  float32Values,
  normalizationOf,
  readSafetensors,
  withClassNames,
  withNormalization,
} from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { loadKerasWeights, loadTorchWeights, resnet20 } from '@espalier/models';
import { readKerasWeights } from '@espalier/models/node';
import { readOnnxFile } from '@espalier/onnx/node';
import { withClasses } from '@espalier/transfer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { newClassifier } from '../network/fit-network.js';
import { openNetwork } from '../network/open-network.js';
import { withImageSize } from '../transfer/image-size.js';
import { exportNetwork } from './export-network.js';

let folder = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'espalier-export-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
guardTensors({ beforeEach, afterEach });

const options = { inputShape: [8, 8, 3], classes: 3, width: 2 } as const;

/** A ResNet-20 whose masks are every other entry. */
async function pruned(): Promise<Checkpoint> {
  const model = resnet20({ ...options, seed: 1 });
  const weights = modelWeights(model);
  const masks = new Map(
    weights
      .filter(({ prunable }) => prunable)
      .map(({ name, variable }) => [name, Uint8Array.from({ length: variable.size }, (_, i) => i % 2)]),
  );
  const optimizer = tf.train.sgd(0);
  const session = await PruningSession.start(fixed(), { weights, masks, optimizer });
  const metadata = withNormalization(withClassNames({}, ['a', 'b', 'c']), { mean: [0.5], std: [0.25] });
  const checkpoint = await session.checkpoint({ model, metadata, slots: false });
  session.dispose();
  optimizer.dispose();
  model.dispose();
  return checkpoint;
}

async function valuesOf(model: LayersModel): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  for (const weight of model.weights) values.set(weight.originalName, (await weight.read().data()) as Float32Array);
  return values;
}

/** The values of a checkpoint, which has zeros where it is masked. */
const storedValues = ({ weights }: Checkpoint): Map<string, Float32Array> =>
  new Map([...weights].map(([name, { values }]) => [name, values]));

it('a layers model is read back bit for bit, with zeros, normalization, names of classes, and sparse', async () => {
  const checkpoint = await pruned();
  const { files } = await exportNetwork(checkpoint, 'tfjs', join(folder, 'tfjs'));
  expect(files.map(({ path }) => path)).toEqual(
    ['group1-shard1of1.bin', 'model.json'].map(name => join(folder, 'tfjs', name)),
  );
  const back = await openNetwork(join(folder, 'tfjs/model.json'));
  expect(storedValues(back)).toEqual(storedValues(checkpoint));
  expect(back.masks).toEqual(checkpoint.masks);
  expect(back.metadata).toEqual(checkpoint.metadata);
  expect(normalizationOf(back.metadata)?.mean).toEqual([0.5]);
});

it("safetensors have PyTorch's names where there is such an architecture, and fill it bit for bit", async () => {
  const checkpoint = await pruned();
  const out = join(folder, 'resnet.safetensors');
  expect(await exportNetwork(checkpoint, 'safetensors', out)).toMatchObject({
    names: 'pytorch',
    files: [{ path: out }],
  });
  const { tensors, metadata } = readSafetensors(await readFile(out));
  expect(metadata.get('format')).toBe('pt');
  const model = resnet20({ ...options, seed: 2 });
  loadTorchWeights(model, tensors);
  expect(await valuesOf(model)).toEqual(storedValues(checkpoint));
  model.dispose();
});

it('a new classifier is called like the one whose place it took, and fills the architecture with as many classes', async () => {
  const model = resnet20({ seed: 1 });
  const optimizer = tf.train.sgd(0);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
  const checkpoint = await session.checkpoint({ model, slots: false });
  session.dispose();
  optimizer.dispose();
  model.dispose();
  const network = await withClasses(checkpoint, { classes: 5, seed: 2 });
  const fitted = { ...network, metadata: { recipe: { architecture: 'resnet20', newClassifier } } };
  const [torch, keras] = [join(folder, 'new-head.safetensors'), join(folder, 'new-head.h5')];
  await exportNetwork(fitted, 'safetensors', torch);
  await exportNetwork(fitted, 'keras-weights', keras);
  const head = fitted.weights.get(newClassifier)?.values;
  const torchTensors = readSafetensors(await readFile(torch)).tensors;
  const kerasTensors = await readKerasWeights(keras);
  for (const load of [
    (m: LayersModel) => loadTorchWeights(m, torchTensors),
    (m: LayersModel) => loadKerasWeights(m, kerasTensors),
  ]) {
    const again = resnet20({ classes: 5, seed: 3 });
    load(again);
    expect(await again.layers.at(-1)?.weights[0]?.read().data()).toEqual(head);
    again.dispose();
  }
});

it('safetensors of any other network have its own names', async () => {
  const net =
    'export default ({ layers }) => layers.sequential({ layers: [layers.layers.dense({ name: "own", units: 2, inputShape: [3] })] });';
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(folder, 'net.mjs'), net);
  const checkpoint = await openNetwork(join(folder, 'net.mjs'));
  const out = join(folder, 'own.safetensors');
  expect((await exportNetwork(checkpoint, 'safetensors', out)).names).toBe('tfjs');
  const { tensors } = readSafetensors(await readFile(out));
  expect(float32Values(tensors.get('own/kernel')!)).toEqual(checkpoint.weights.get('own/kernel')?.values);
});

it('weights for Keras fill the same layers bit for bit', async () => {
  const checkpoint = await pruned();
  const out = join(folder, 'weights.h5');
  await exportNetwork(checkpoint, 'keras-weights', out);
  const model = resnet20({ ...options, seed: 2 });
  loadKerasWeights(model, await readKerasWeights(out));
  expect(await valuesOf(model)).toEqual(storedValues(checkpoint));
  model.dispose();
});

it('ONNX is what exportOnnx gives', async () => {
  const { exportOnnx } = await import('@espalier/onnx');
  const checkpoint = await pruned();
  const out = join(folder, 'not', 'there', 'net.onnx');
  await exportNetwork(checkpoint, 'onnx', out);
  expect(new Uint8Array(await readFile(out))).toEqual(new Uint8Array(await exportOnnx(checkpoint)));
});

it('a network of open size is refused as ONNX with the option that says one', async () => {
  const { writeFile } = await import('node:fs/promises');
  const lines = [
    'export default ({ layers: { layers, sequential } }) => sequential({ layers: [',
    '  layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [null, null, 3] }),',
    '  layers.globalAveragePooling2d({}), layers.dense({ units: 2 }),',
    '] });',
  ];
  await writeFile(join(folder, 'open.mjs'), lines.join('\n'));
  const checkpoint = await openNetwork(join(folder, 'open.mjs'));
  const out = join(folder, 'open.onnx');
  await expect(exportNetwork(checkpoint, 'onnx', out)).rejects.toThrow(/--size 224/);
  const sized = await withImageSize(checkpoint, [12, 16]);
  await exportNetwork(sized, 'onnx', out);
  const { model } = await readOnnxFile(out);
  expect(model.inputs[0]?.shape).toEqual([null, 12, 16, 3]);
  model.dispose();
});
