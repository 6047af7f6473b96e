import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { normalizationOf, writeSafetensors } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { toModel } from '@espalier/core/tfjs';
import { efficientnetLite0, vgg16 } from '@espalier/models';
import { hasClassifier } from '@espalier/transfer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openNetwork } from './open-network.js';

let folder = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'espalier-weights-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
guardTensors({ beforeEach, afterEach });

const refusal = (opened: Promise<unknown>): Promise<{ code?: string; message?: string }> =>
  opened.then(
    () => ({}),
    (error: Error) => error,
  );

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
  const lines: string[] = [];
  const say = (line: string): number => lines.push(line);
  const { model, weights, metadata } = await openNetwork('mobileNetV3Small', { weights: path, say });
  const notice =
    /those of timm's mobilenetv3_small_100, which pads as PyTorch does.*mobileNetV3Small\(\{ variant: 'keras' \}\)/;
  expect(lines).toEqual(origin === 'timm' ? [expect.stringMatching(notice)] : []);
  const epsilons = [...JSON.stringify(model).matchAll(/"epsilon":([^,]+)/g)].map(([, value]) => Number(value));
  expect(new Set(epsilons)).toEqual(new Set([Number(epsilon)]));
  expect(weights.get('classifier/kernel')?.shape).toEqual([1024, 10]);
  expect(normalizationOf(metadata)?.name).toBe('imagenet');
});
