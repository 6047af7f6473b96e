import { float32Tensor, readSafetensors, type SafetensorsTensor, writeSafetensors } from '@espalier/core';
import { expect, test } from 'vitest';
import { randomInput } from '../../../test/graph/build-model.js';
import { every, full, statistics, tensors } from '../../../test/graph/description.js';
import { interpret } from '../../../test/graph/interpret.js';
import { checkGraph } from '../check-graph.js';
import { graphFromDescription } from './graph-from-description.js';
import type { NodeDescription } from './schema.js';

const read = (change: object, file: ReadonlyMap<string, SafetensorsTensor> = tensors) =>
  graphFromDescription({ ...full, ...change }, file);

test('every kind of node is read, from a file', () => {
  const graph = graphFromDescription(full, readSafetensors(writeSafetensors(tensors)).tensors);
  checkGraph(graph);
  expect(graph.nodes.map(({ kind }) => kind)).toEqual(every.map(({ kind }) => kind));
  expect(graph.nodes.map(({ shape }) => shape.join())).toEqual([
    '7,6,3',
    '4,6,4',
    '4,6,4',
    '4,6,4',
    '4,6,4',
    '4,6,8',
    '2,3,8',
    '2,3,8',
    '48',
    '48',
    '3',
    '3',
  ]);
  const sum = interpret(graph, randomInput(90, 8)).reduce((total, value) => total + value, 0);
  expect(sum).toBeCloseTo(1, 6);
});

test('PyTorch’s layout gives the same network as TensorFlow’s', () => {
  const turned = new Map(tensors);
  turned.set('k', moved(tensors.get('k')!, [3, 2, 0, 1]));
  turned.set('d', moved(tensors.get('d')!, [3, 2, 0, 1]));
  // Rows of the dense kernel in the order channels, height, width of the flattened 2x3x8.
  const rows = moved({ ...tensors.get('w')!, shape: [2, 3, 8, 3] }, [3, 2, 0, 1]);
  turned.set('w', { ...rows, shape: [3, 48] });
  const input = randomInput(90, 9);
  expect(interpret(read({ layout: 'OIHW' }, turned), input)).toEqual(interpret(read({}), input));
});

test('TensorFlow’s depthwise kernels [height, width, in, multiplier] are read', () => {
  const nodes: NodeDescription[] = [{ kind: 'convolution', name: 'dw', inputs: ['image'], kernel: 'k', groups: 2 }];
  const file = new Map([['k', float32Tensor([1, 1, 2, 2], Float32Array.of(1, 2, 3, 4))]]);
  const graph = read({ input: { name: 'image', shape: [1, 1, 2] }, nodes, output: 'dw' }, file);
  expect([...interpret(graph, Float32Array.of(10, 100))]).toEqual([10, 20, 300, 400]);
});

test('kernels of as many inputs in a group as there are groups are no depthwise ones', () => {
  const nodes: NodeDescription[] = [{ kind: 'convolution', name: 'c', inputs: ['image'], kernel: 'k', groups: 2 }];
  const file = new Map([['k', float32Tensor([1, 1, 2, 2], Float32Array.of(1, 2, 3, 4))]]);
  const graph = read({ input: { name: 'image', shape: [1, 1, 4] }, nodes, output: 'c' }, file);
  // 1 · 1 + 3 · 10 of the first two channels, 2 · 100 + 4 · 1000 of the others.
  expect([...interpret(graph, Float32Array.of(1, 10, 100, 1000))]).toEqual([31, 4200]);
});

test('normalization is gamma (x - mean) / sqrt(variance + epsilon) + beta', () => {
  const nodes: NodeDescription[] = [{ kind: 'normalization', name: 'n', inputs: ['x'], ...statistics, epsilon: 1 }];
  const one = (value: number): SafetensorsTensor => float32Tensor([1], Float32Array.of(value));
  const file = new Map([
    ['m', one(4)],
    ['v', one(8)],
    ['g', one(6)],
    ['b', one(-1)],
  ]);
  const graph = read({ input: { name: 'x', shape: [1] }, nodes, output: 'n' }, file);
  expect([...interpret(graph, Float32Array.of(10))]).toEqual([11]); // 6 * (10 - 4) / sqrt(8 + 1) - 1
});

/** The tensor with its axes in another order. */
function moved(tensor: SafetensorsTensor, order: readonly number[]): SafetensorsTensor {
  const { shape } = tensor;
  const values = new Float32Array(tensor.bytes.slice().buffer);
  const result = new Float32Array(values.length);
  const target = order.map(axis => shape[axis]!);
  for (const [index, value] of values.entries()) {
    let rest = index;
    const at: number[] = [];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    result[order.reduce((place, axis, position) => place * target[position]! + at[axis]!, 0)] = value;
  }
  return float32Tensor(target, result);
}
