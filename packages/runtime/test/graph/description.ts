import { float32Tensor, type SafetensorsTensor } from '@espalier/core';
import type { GraphDescription, NodeDescription } from '../../src/graph/description/schema.js';
import { randomInput } from './build-model.js';

/** A tensor of random values. */
export const range = (shape: number[], seed: number): SafetensorsTensor =>
  float32Tensor(
    shape,
    randomInput(
      shape.reduce((product, length) => product * length, 1),
      seed,
    ),
  );

/** Fields of a normalization of the tensors of {@link tensors}. */
export const statistics = { mean: 'm', variance: 'v', gamma: 'g', beta: 'b', epsilon: 0.001 };
/** A node of every kind. */
export const every: readonly NodeDescription[] = [
  { kind: 'zeroPadding', name: 'pad', inputs: ['image'], padding: [0, 1, 0, 1] },
  {
    kind: 'convolution',
    name: 'conv',
    inputs: ['pad'],
    kernel: 'k',
    bias: 'b',
    padding: 'same',
    strides: [2, 1],
    activation: 'relu6',
  },
  { kind: 'normalization', name: 'norm', inputs: ['conv'], ...statistics },
  {
    kind: 'convolution',
    name: 'dw',
    inputs: ['norm', 'conv'],
    kernel: 'd',
    groups: 4,
    padding: [1, 1, 2, 2],
    dilations: [1, 2],
  },
  { kind: 'add', name: 'sum', inputs: ['dw', 'norm'], activation: 'relu' },
  { kind: 'concat', name: 'join', inputs: ['sum', 'conv'] },
  { kind: 'pool', name: 'max', inputs: ['join'], mode: 'max', size: [2, 2], padding: 'same' },
  {
    kind: 'pool',
    name: 'average',
    inputs: ['max'],
    mode: 'average',
    size: [3, 2],
    strides: [1, 1],
    padding: [1, 1, 0, 1],
  },
  { kind: 'flatten', name: 'flat', inputs: ['average'] },
  { kind: 'activation', name: 'act', inputs: ['flat'], activation: 'relu' },
  { kind: 'dense', name: 'logits', inputs: ['act'], kernel: 'w', bias: 'c' },
  { kind: 'softmax', name: 'result', inputs: ['logits'] },
];
// image 6x5x3, pad 7x6x3, conv 4x6x4, join 4x6x8, max 2x3x8, average 2x3x8: 48 features
export const tensors: ReadonlyMap<string, SafetensorsTensor> = new Map([
  ['k', range([3, 2, 3, 4], 1)],
  ['d', range([3, 3, 1, 4], 2)],
  ['w', range([48, 3], 3)],
  ['c', range([3], 4)],
  ['b', range([4], 5)],
  ['m', range([4], 6)],
  ['v', float32Tensor([4], Float32Array.of(1, 2, 3, 0.5))],
  ['g', range([4], 7)],
]);
/** A description of {@link every}. */
export const full: GraphDescription = {
  format: 'espalier-graph/1',
  layout: 'HWIO',
  input: { name: 'image', shape: [6, 5, 3] },
  nodes: every,
  output: 'result',
};
