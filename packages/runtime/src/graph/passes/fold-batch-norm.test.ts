import { expect, test } from 'vitest';
import { interpret } from '../../../test/graph/interpret.js';
import { convolutionOf, graphOf, normalizationOf, relu, sumOf } from '../../../test/graph/nodes.js';
import type { DenseNode } from '../graph.js';
import { foldBatchNorm } from './fold-batch-norm.js';

const conv = convolutionOf('conv', 'image', { kernel: Float32Array.of(2, 0), bias: Float32Array.of(1, 5) });
const norm = normalizationOf('norm', 'conv', [3, -1], [10, 20]);
const pixels = Float32Array.of(1, -2, 3, 4);

test('scale goes into the kernel, and bias times scale plus offset into the bias', () => {
  const folded = foldBatchNorm(graphOf(conv, norm));
  expect(folded.nodes).toMatchObject([
    { name: 'conv', kernel: Float32Array.of(6, -0), bias: Float32Array.of(13, 15) }, // 1 * 3 + 10, 5 * -1 + 20
  ]);
  expect(folded.output).toBe('conv');
  expect(interpret(folded, pixels)).toEqual(interpret(graphOf(conv, norm), pixels));
});

test('without a bias, the offset is the bias', () => {
  const { bias: _, ...plain } = conv;
  expect(foldBatchNorm(graphOf(plain, norm)).nodes).toMatchObject([{ bias: Float32Array.of(10, 20) }]);
});

test('two normalizations after each other fold both', () => {
  const again = normalizationOf('again', 'norm', [2, 2], [1, 1]);
  const folded = foldBatchNorm(graphOf(conv, norm, again));
  expect(folded.nodes).toHaveLength(1);
  expect(interpret(folded, pixels)).toEqual(interpret(graphOf(conv, norm, again), pixels));
});

test('a dense layer takes its normalization', () => {
  const dense: DenseNode = {
    kind: 'dense',
    name: 'dense',
    inputs: ['flat'],
    shape: [2],
    kernel: new Float32Array(8).fill(1),
    activation: 'linear',
  };
  const vector = { ...normalizationOf('norm', 'dense', [2, 3], [1, -1]), shape: [2] } as const;
  const graph = graphOf({ kind: 'flatten', name: 'flat', inputs: ['image'], shape: [4] }, dense, vector);
  const folded = foldBatchNorm(graph);
  expect(folded.nodes.map(({ kind }) => kind)).toEqual(['flatten', 'dense']);
  expect([...interpret(folded, pixels)]).toEqual([13, 17]); // 6 * 2 + 1, 6 * 3 - 1
});

test.each([
  ['after an activation', graphOf({ ...conv, activation: 'relu' }, norm)],
  ['of a value that is read twice', graphOf(conv, norm, sumOf('sum', 'conv', 'norm'))],
  ['of the input', graphOf(normalizationOf('norm', 'image', [2], [1]))],
  ['before a convolution', graphOf(normalizationOf('norm', 'image', [2], [1]), { ...conv, inputs: ['norm'] })],
  [
    'of a sum',
    graphOf(conv, relu('relu', 'conv'), sumOf('sum', 'conv', 'relu'), normalizationOf('norm', 'sum', [3, 2], [1, 1])),
  ],
  [
    'of a convolution with a residual',
    graphOf(
      conv,
      { ...conv, name: 'second', inputs: ['image', 'conv'] },
      normalizationOf('norm', 'second', [1, 2], [0, 0]),
    ),
  ],
  ['that is not finite', graphOf(conv, normalizationOf('norm', 'conv', [Number.POSITIVE_INFINITY, 1], [0, 0]))],
])('a normalization %s stays', (_, graph) => {
  expect(foldBatchNorm(graph)).toEqual(graph);
});
