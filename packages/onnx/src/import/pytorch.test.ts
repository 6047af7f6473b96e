import '@tensorflow/tfjs-backend-cpu';
import { readdirSync, readFileSync } from 'node:fs';
import { activeMagnitude, uniform } from '@espalier/core';
import { afterwards, guardTensors } from '@espalier/core/testing';
import { modelWeights, prunableWeights, pruneOnce } from '@espalier/core/tfjs';
import * as tfc from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Array32, difference, predict } from '../../test/agreement.js';
import { runOnnx } from '../../test/run-onnx.js';
import { exportOnnx } from '../export/export-onnx.js';
import { readOnnx } from './read-onnx.js';

beforeAll(() => tfc.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const folder = new URL('../../test/fixtures/', import.meta.url);
const fileOf = (name: string): Uint8Array => readFileSync(new URL(name, folder));

interface Stored {
  readonly shape: number[];
  readonly values: string;
}

interface Expected {
  readonly input: Stored;
  readonly outputs: readonly Stored[];
}

function arrayOf({ shape, values }: Stored): Array32 {
  return { shape, values: new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer) };
}

/** The channels last, as the model has them. */
function turned({ values, shape }: Array32): Array32 {
  if (shape.length < 3) return { values, shape };
  const perm = [0, ...shape.slice(2).map((_, axis) => axis + 2), 1];
  const tensor = tfc.tidy(() => tfc.transpose(tfc.tensor(values, [...shape]), perm));
  const result = { values: tensor.dataSync() as Float32Array, shape: tensor.shape };
  tensor.dispose();
  return result;
}

function expectedOf(file: string): { input: Array32; outputs: Array32[] } {
  const name = file.replace(/-(script|dynamo|unfolded)\.onnx$/, '.json');
  const { input, outputs } = JSON.parse(new TextDecoder().decode(fileOf(name))) as Expected;
  return { input: arrayOf(input), outputs: outputs.map(arrayOf) };
}

const files = readdirSync(folder).filter(name => name.endsWith('.onnx'));

it('there are networks of both exporters of PyTorch', () => {
  expect(files).toHaveLength(18);
});

it.each(files)('%s computes what PyTorch computed', async file => {
  const { input, outputs } = expectedOf(file);
  const { model, producer } = await readOnnx(fileOf(file));
  afterwards(model);
  expect(producer).toBe('pytorch');
  const actual = Object.values(await predict(model, [turned(input)]));
  expect(actual).toHaveLength(outputs.length);
  for (const [i, output] of outputs.entries()) expect(difference(actual[i], turned(output))).toBeLessThan(1e-4);
});

it.each(files)('%s: pruned and written again, it is the same in ONNX Runtime', async file => {
  const { input } = expectedOf(file);
  const { model } = await readOnnx(fileOf(file));
  afterwards(model);
  await pruneOnce(modelWeights(model), activeMagnitude, 0.5, uniform);
  const expected = Object.values(await predict(model, [turned(input)]));
  const actual = Object.values(await runOnnx(await exportOnnx(model), { x: turned(input) }));
  for (const [i, output] of expected.entries()) expect(difference(actual[i], output)).toBeLessThan(1e-4);
});

it('layers are called as the modules of the network, and their kernels can be pruned', async () => {
  const { model } = await readOnnx(fileOf('resnet-unfolded.onnx'));
  afterwards(model);
  expect(prunableWeights(model).map(({ name }) => name)).toEqual([
    'conv1/kernel',
    'layer1.0.conv1/kernel',
    'layer1.0.conv2/kernel',
    'layer2.0.conv1/kernel',
    'layer2.0.conv2/kernel',
    'layer2.0.downsample.0/kernel',
    'fc/kernel',
  ]);
});

it('activations in parts become one layer, and nothing is turned between convolutions', async () => {
  const { model } = await readOnnx(fileOf('mobilenetv3-script.onnx'));
  afterwards(model);
  const names = model.layers.flatMap(layer => {
    const { activation } = layer.getConfig();
    return layer.getClassName() === 'Activation' ? [activation] : [];
  });
  expect(names).toEqual(['swish', 'gelu', 'softmax']);
  expect(model.layers.map(layer => layer.getClassName())).not.toContain('Permute');
});
