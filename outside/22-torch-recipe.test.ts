import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EspalierError,
  float32Tensor,
  float32Values,
  readSafetensors,
  type SafetensorsDtype,
  type SafetensorsTensor,
  typedValues,
  writeSafetensors,
} from '@espalier/core';
import { loadTorchWeights, smallConvNet, type TorchTensor } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'espalier-outside-'));
});
afterAll(() => rm(folder, { recursive: true }));

const net = (): layers.LayersModel =>
  layers.sequential({
    layers: [
      layers.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 1, useBias: false, inputShape: [2, 2, 1] }),
      layers.layers.batchNormalization({ name: 'bn', epsilon: 1e-5 }),
    ],
  });

const bytes = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const tensor = (dtype: SafetensorsDtype, values: ArrayBufferView, ...shape: number[]): SafetensorsTensor => ({
  dtype,
  shape,
  bytes: bytes(values),
});

/** What `safetensors.torch.save_file(model.state_dict())` writes for a convolution and its normalization. */
const stateDict = (more: Record<string, SafetensorsTensor> = {}): Uint8Array =>
  writeSafetensors(
    new Map<string, SafetensorsTensor>(
      Object.entries({
        'conv.weight': float32Tensor([2, 1, 1, 1], Float32Array.of(2, 3)),
        'bn.weight': float32Tensor([2], Float32Array.of(1, 1)),
        'bn.bias': float32Tensor([2], Float32Array.of(0, 5)),
        'bn.running_mean': float32Tensor([2], Float32Array.of(0, 0)),
        'bn.running_var': float32Tensor([2], Float32Array.of(1, 1)),
        'bn.num_batches_tracked': tensor('I64', BigInt64Array.of(123n)),
        ...more,
      }),
    ),
  );

const kernelOf = (model: layers.LayersModel): number[] => [...model.getLayer('conv').getWeights()[0]!.dataSync()];

it("the README's recipe loads a state dict with batch normalization", async () => {
  const path = join(folder, 'net.safetensors');
  await writeFile(path, stateDict());
  const model = net();
  const { skipped } = loadTorchWeights(model, readSafetensors(await readFile(path)).tensors);
  expect(skipped).toEqual(['bn.num_batches_tracked']);
  expect(kernelOf(model)).toEqual([2, 3]);
  model.dispose();
});

it.each([
  ['float32Values', float32Values],
  ['typedValues', typedValues],
])('so does a map of shapes and %s', (_, valuesOf) => {
  const model = net();
  const tensors = [...readSafetensors(stateDict()).tensors].map(
    ([name, given]) => [name, { shape: given.shape, values: valuesOf(given) }] as const,
  );
  expect(loadTorchWeights(model, new Map(tensors)).skipped).toEqual(['bn.num_batches_tracked']);
  expect(kernelOf(model)).toEqual([2, 3]);
  model.dispose();
});

it.each<[SafetensorsDtype, ArrayBufferView, number[]]>([
  ['F16', Uint16Array.of(0x3e00, 0xc000), [1.5, -2]],
  ['BF16', Uint16Array.of(0x3fc0, 0xc000), [1.5, -2]],
  ['F64', Float64Array.of(0.1, -2), [Math.fround(0.1), -2]],
  ['I64', BigInt64Array.of(7n, -1n), [7, -1]],
  ['I32', Int32Array.of(7, -(2 ** 24)), [7, -(2 ** 24)]],
  ['U8', Uint8Array.of(0, 255), [0, 255]],
  ['BOOL', Uint8Array.of(0, 1), [0, 1]],
])('weights of type %s are converted', (dtype, values, expected) => {
  const model = net();
  loadTorchWeights(model, readSafetensors(stateDict({ 'conv.weight': tensor(dtype, values, 2, 1, 1, 1) })).tensors);
  expect(kernelOf(model)).toEqual(expected);
  model.dispose();
});

it.each<[string, SafetensorsTensor]>([
  ['an integer that 32-bit floats do not hold', tensor('I64', BigInt64Array.of(2n ** 53n + 1n, 0n), 2, 1, 1, 1)],
  ['a number over 2^24 in 32 bits', tensor('I32', Int32Array.of(2 ** 24 + 1, 0), 2, 1, 1, 1)],
  ['8-bit floats', tensor('F8_E4M3', Uint8Array.of(1, 2), 2, 1, 1, 1)],
  ['complex numbers', tensor('C64', Float32Array.of(1, 2, 3, 4), 2, 1, 1, 1)],
])('%s are refused by the name of the tensor', (_, given) => {
  const model = net();
  const before = kernelOf(model);
  const { tensors } = readSafetensors(stateDict({ 'conv.weight': given }));
  const plain = given.dtype.startsWith('I') ? [{ shape: given.shape, values: typedValues(given) }] : [];
  for (const entry of [given, ...plain]) {
    const map = new Map<string, SafetensorsTensor | TorchTensor>([...tensors, ['conv.weight', entry]]);
    let caught: unknown;
    try {
      loadTorchWeights(model, map);
    } catch (error) {
      caught = error;
    }
    expect(EspalierError.isInstance(caught)).toBe(true);
    expect(caught).toMatchObject({ code: 'INVALID_TORCH_TENSOR', tensor: 'conv.weight' });
    expect((caught as Error).message).toContain('"conv.weight"');
  }
  expect(kernelOf(model)).toEqual(before);
  model.dispose();
});

it('integer buffers that no layer has are named', () => {
  const model = net();
  const { tensors } = readSafetensors(stateDict({ position_ids: tensor('I64', BigInt64Array.of(0n, 1n), 1, 2) }));
  expect(() => loadTorchWeights(model, tensors)).toThrow(expect.objectContaining({ unknown: ['position_ids'] }));
  model.dispose();
});

it('a wrapped state dict loses its counters, too', () => {
  const model = smallConvNet();
  const norm = ['weight', 'bias', 'running_mean', 'running_var'];
  const sizes: Record<string, number[]> = {
    'conv1.weight': [16, 1, 3, 3],
    'conv2.weight': [32, 16, 3, 3],
    'hidden.weight': [64, 1568],
    'hidden.bias': [64],
    'logits.weight': [10, 64],
    'logits.bias': [10],
    ...Object.fromEntries(
      norm.flatMap(part => [
        [`conv1.norm.${part}`, [16]],
        [`conv2.norm.${part}`, [32]],
      ]),
    ),
  };
  const entries = Object.entries(sizes).map(
    ([name, shape]) =>
      [`module.${name}`, float32Tensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)))] as const,
  );
  const counters = ['conv1', 'conv2'].map(name => `module.${name}.norm.num_batches_tracked`);
  const tensors = new Map([
    ...entries,
    ...counters.map(name => [name, tensor('I64', BigInt64Array.of(2n ** 60n))] as const),
  ]);
  expect([...loadTorchWeights(model, readSafetensors(writeSafetensors(tensors)).tensors).skipped].sort()).toEqual(
    counters,
  );
  model.dispose();
});
