import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import { afterwards, guardTensors } from '@espalier/core/testing';
import * as tfc from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Array32, difference, numbers, predict } from '../../test/agreement.js';
import { type Form, readForms, refusedForms } from '../../test/node-forms.js';
import { runOnnx } from '../../test/run-onnx.js';
import { encodeModel } from '../format/encode-model.js';
import { operations } from './operations/index.js';
import { readOnnx } from './read-onnx.js';

beforeAll(() => tfc.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const fileOf = (
  { opset = 17, shape, nodes, initializers = [] }: Form,
  of: readonly (number | string)[] = shape,
): Uint8Array =>
  encodeModel({
    name: 'form',
    opset,
    nodes,
    initializers,
    inputs: [{ name: 'x', shape: ['batch', ...of] }],
    outputs: [{ name: 'y' }],
    metadata: {},
  });

function turned({ values, shape }: Array32): Array32 {
  if (shape.length < 3) return { values, shape };
  const perm = [0, ...shape.slice(2).map((_, axis) => axis + 2), 1];
  const tensor = tfc.tidy(() => tfc.transpose(tfc.tensor(values, [...shape]), perm));
  const result = { values: tensor.dataSync() as Float32Array, shape: tensor.shape };
  tensor.dispose();
  return result;
}

/** The largest difference from what ONNX Runtime computes of the same file. */
async function differenceOf(form: Form, bytes: Uint8Array): Promise<number> {
  const shape = [2, ...form.shape];
  const size = shape.reduce((product, side) => product * side, 1);
  const x = { values: numbers(size, 4), shape };
  const { y } = await runOnnx(bytes, { x });
  const { model } = await readOnnx(bytes);
  afterwards(model);
  const [actual] = Object.values(await predict(model, [turned(x)]));
  const expected = y as Array32;
  const wanted = actual?.shape.join() === expected.shape.join() ? expected : turned(expected);
  return Math.min(difference(actual, wanted), difference(actual, turned(expected)));
}

it.each(Object.entries(readForms))('%s computes what ONNX Runtime computes', async (_, form) => {
  expect(await differenceOf(form, fileOf(form))).toBeLessThan(1e-4);
});

const anySize = [4, 'height', 'width'];

it.each(Object.entries(readForms).filter(([, { shape }]) => shape.join() === '4,9,7'))(
  '%s computes the same over images of any size, or is refused by name',
  async (_, form) => {
    const bytes = fileOf(form, anySize);
    const opened = await readOnnx(bytes).catch((error: unknown) => error);
    if (opened instanceof Error) expect(opened).toMatchObject({ code: 'ONNX_OPERATIONS_UNSUPPORTED' });
    else {
      (opened as { model: LayersModel }).model.dispose();
      expect(await differenceOf(form, bytes)).toBeLessThan(1e-4);
    }
  },
);

it.each(['Conv SAME_UPPER', 'MaxPool SAME_UPPER'])('%s with strides is read over images of any size', async name => {
  const form = readForms[name] as Form;
  expect(await differenceOf(form, fileOf(form, anySize))).toBeLessThan(1e-4);
});

it.each(Object.entries(refusedForms))('%s is refused by name', async (_, [form, reason]) => {
  await expect(readOnnx(fileOf(form))).rejects.toMatchObject({ code: 'ONNX_OPERATIONS_UNSUPPORTED' });
  await expect(readOnnx(fileOf(form))).rejects.toThrow(reason);
});

it('the README lists exactly the operations that are read', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, after = ''] = readme.split('### Operations that are read');
  const [rows = ''] = after.split('\nConstants');
  const listed = rows
    .split('\n')
    .flatMap(row => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z]\w+)`/g)].map(([, name]) => name));
  const known = [...operations.keys()].filter(name => !partsOfChains.includes(name));
  expect(listed.sort()).toEqual(known.sort());
});

/** Read only where a whole chain is an activation. */
const partsOfChains = ['Abs', 'Erf', 'Exp', 'Log', 'Reciprocal', 'Sqrt'];
