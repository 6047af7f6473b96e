import '@tensorflow/tfjs-backend-cpu';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Checkpoint, classNamesOf, normalizationOf, writeSafetensors } from '@espalier/core';
import { writeCheckpoint } from '@espalier/core/node';
import { guardTensors } from '@espalier/core/testing';
import { toModel } from '@espalier/core/tfjs';
import { efficientnetLite0, vgg16 } from '@espalier/models';
import { hasClassifier } from '@espalier/transfer';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
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

/** Safetensors of zeros with PyTorch's names and shapes of a model, without the layers that are left out. */
function torchFile(model: LayersModel, naming: (layer: string) => string, leftOut: readonly string[] = []): Uint8Array {
  const parameters = { gamma: 'weight', beta: 'bias', moving_mean: 'running_mean', moving_variance: 'running_var' };
  const tensors = model.weights.flatMap(({ originalName, shape }) => {
    const [layer = '', kind = ''] = originalName.split('/');
    if (leftOut.includes(layer)) return [];
    const [first = 1, second = 1, inputs = 1, outputs = 1] = shape as number[];
    const image = kind === 'kernel' ? [outputs, inputs, first, second] : [inputs, 1, first, second];
    const theirs = shape.length === 4 ? image : shape.length === 2 ? [second, first] : (shape as number[]);
    const parameter = parameters[kind as 'gamma'] ?? (kind === 'bias' ? 'bias' : 'weight');
    const bytes = new Uint8Array(4 * theirs.reduce((size, side) => size * side, 1));
    return [[`${naming(layer)}.${parameter}`, { dtype: 'F32' as const, shape: theirs, bytes }] as const];
  });
  model.dispose();
  return writeSafetensors(new Map(tensors));
}

it('safetensors of PyTorch alone are refused, and no number of classes mends other widths', async () => {
  const path = join(folder, 'vgg.safetensors');
  const model = vgg16({ inputShape: [32, 32, 3], classes: 7, width: 1, hidden: 2 });
  await writeFile(
    path,
    torchFile(model, layer => layer.replace('_', '.')),
  );
  const { code, message } = await refusal(openNetwork(path));
  expect(code).toBe('WEIGHTS_WITHOUT_NETWORK');
  expect(message).toContain(`--weights ${path}`);
  expect((await refusal(openNetwork('lenet300', { weights: path }))).code).toBe('TORCH_TENSORS_MISMATCH');
});

it('weights of PyTorch fill a built-in with the classes that they have, and bring the normalization', async () => {
  const path = join(folder, 'lite.safetensors');
  const model = efficientnetLite0({ classes: 3, inputShape: [32, 32, 3] });
  await writeFile(
    path,
    torchFile(model, layer => layer.replace(/^blocks_(\d)_(\d)_/, 'blocks.$1.$2.')),
  );
  const lines: string[] = [];
  const checkpoint = await openNetwork('efficientnetLite0', { weights: path, say: line => lines.push(line) });
  expect(lines).toEqual([expect.stringContaining("those of timm's tf_efficientnet_lite0")]);
  expect(checkpoint.weights.get('classifier/kernel')?.shape).toEqual([1280, 3]);
  expect(normalizationOf(checkpoint.metadata)?.name).toBe('efficientnet-lite');
});

it('weights of a body of timm (num_classes=0) give a built-in that ends in features', async () => {
  const path = join(folder, 'body.safetensors');
  const naming = (layer: string): string => layer.replace(/^blocks_(\d)_(\d)_/, 'blocks.$1.$2.');
  await writeFile(path, torchFile(efficientnetLite0({ inputShape: [32, 32, 3] }), naming, ['classifier']));
  const body = await toModel(await openNetwork('efficientnetLite0', { weights: path }));
  expect([body.outputShape, hasClassifier(body)]).toEqual([[null, 1280], false]);
  body.dispose();
});

const dense = ['classifier_0', 'classifier_3', 'classifier_6'];

it.each([
  ['its three dense layers', dense, 'features'],
  ['its first layer', ['features_0'], 'TORCH_TENSORS_MISMATCH'],
  ['the first of its dense layers alone', ['classifier_0'], 'TORCH_TENSORS_MISMATCH'],
  ['its dense layers and the convolution before', ['features_28', ...dense], 'TORCH_TENSORS_MISMATCH'],
])('weights of a VGG-16 of one’s own without %s', async (_, without, result) => {
  const [path, module] = [join(folder, 'vgg-part.safetensors'), join(folder, 'vgg.mjs')];
  const options = { inputShape: [32, 32, 3], classes: 7, width: 1, hidden: 2 } as const;
  const naming = (layer: string): string => layer.replace('_', '.');
  await writeFile(path, torchFile(vgg16(options), naming, without));
  const models = JSON.stringify(import.meta.resolve('@espalier/models'));
  await writeFile(module, `import { vgg16 } from ${models};\nexport default () => vgg16(${JSON.stringify(options)});`);
  const given = await openNetwork(module, { weights: path }).then(
    async checkpoint => {
      const body = await toModel(checkpoint);
      expect(body.layers.at(-1)?.getClassName()).toBe('Flatten');
      body.dispose();
      return 'features';
    },
    (error: { code: string }) => error.code,
  );
  expect(given).toBe(result);
});

// Names and shapes of timm 1.0.31 and torchvision 0.29.2, ten classes.
it.each([
  ['timm', 'tf_mobilenetv3_small_100', '1e-05'],
  ['torchvision', 'mobileNetV3Small', '0.001'],
] as const)('MobileNetV3 is built with the epsilon of %s, by the names of its layers', async (origin, net, epsilon) => {
  const golden = await readFile(new URL('../../../models/test/golden/logits.json', import.meta.url), 'utf8');
  const { tensors } = (JSON.parse(golden) as { nets: Record<string, { tensors: Record<string, number[]> }> }).nets[
    net
  ]!;
  const zeros = Object.entries(tensors).map(([name, shape]) => {
    const bytes = new Uint8Array(4 * shape.reduce((size, side) => size * side, 1));
    return [name, { dtype: 'F32' as const, shape, bytes }] as const;
  });
  const path = join(folder, `${origin}.safetensors`);
  await writeFile(path, writeSafetensors(new Map(zeros)));
  const { model, weights, metadata } = await openNetwork('mobileNetV3Small', { weights: path });
  const epsilons = [...JSON.stringify(model).matchAll(/"epsilon":([^,]+)/g)].map(([, value]) => Number(value));
  expect(new Set(epsilons)).toEqual(new Set([Number(epsilon)]));
  expect(weights.get('classifier/kernel')?.shape).toEqual([1024, 10]);
  expect(normalizationOf(metadata)?.name).toBe('imagenet');
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
