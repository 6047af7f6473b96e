import { expect, test } from 'vitest';
import { interpret } from '../../../test/graph/interpret.js';
import { convolutionOf, graphOf, relu } from '../../../test/graph/nodes.js';
import { checkGraph } from '../check-graph.js';
import type { PoolNode, ZeroPaddingNode } from '../graph.js';
import { noPadding } from '../padding.js';
import { foldZeroPadding } from './fold-zero-padding.js';

const sides = { top: 1, bottom: 0, left: 0, right: 1 };
const zeros: ZeroPaddingNode = { kind: 'zeroPadding', name: 'pad', inputs: ['conv'], shape: [3, 3, 2], padding: sides };
const pool: PoolNode = {
  kind: 'pool',
  name: 'pool',
  inputs: ['pad'],
  shape: [2, 2, 2],
  mode: 'max',
  size: [2, 2],
  strides: [1, 1],
  padding: noPadding,
};
const conv = convolutionOf('conv', 'image');
const pixels = Float32Array.of(1, -2, 3, -4);

test('a convolution adds the zeros to its own padding', () => {
  const early = { ...zeros, inputs: ['image'], shape: [3, 3, 1] } as const;
  const own = { ...noPadding, left: 1, top: 1 };
  const wide = convolutionOf('conv', 'pad', { padding: own, shape: [4, 4, 2] });
  const graph = graphOf(early, wide);
  const folded = foldZeroPadding(graph);
  checkGraph(folded);
  expect(folded.nodes).toMatchObject([{ inputs: ['image'], padding: { top: 2, bottom: 0, left: 1, right: 1 } }]);
  expect(interpret(folded, pixels)).toEqual(interpret(graph, pixels));
});

test('zeros that several nodes read go into those that can take them, and stay for the others', () => {
  const early = { ...zeros, inputs: ['image'], shape: [3, 3, 1] } as const;
  const a = convolutionOf('a', 'pad', { shape: [3, 3, 2] });
  const b = relu('b', 'pad');
  const graph = graphOf(
    early,
    a,
    { ...b, shape: [3, 3, 1] },
    { kind: 'concat', name: 'join', inputs: ['a', 'b'], shape: [3, 3, 3] },
  );
  const folded = foldZeroPadding(graph);
  expect(folded.nodes.map(({ name, inputs }) => `${name} ${inputs}`)).toEqual([
    'pad image',
    'a image',
    'b pad',
    'join a,b',
  ]);
  expect(interpret(folded, pixels)).toEqual(interpret(graph, pixels));
});

test('a maximum pool takes the zeros of an image that comes out of a ReLU', () => {
  const graph = graphOf({ ...conv, activation: 'relu' }, zeros, pool);
  const folded = foldZeroPadding(graph);
  checkGraph(folded);
  expect(folded.nodes).toMatchObject([{ name: 'conv' }, { name: 'pool', inputs: ['conv'], padding: sides }]);
  expect(interpret(folded, pixels)).toEqual(interpret(graph, pixels));
});

test.each([
  ['a maximum pool of values that may be negative', graphOf(conv, zeros, pool)],
  [
    'an average pool, which would not count them',
    graphOf({ ...conv, activation: 'relu' }, zeros, { ...pool, mode: 'average' }),
  ],
  [
    'a maximum pool with a window of zeros alone',
    graphOf({ ...conv, activation: 'relu' }, zeros, { ...pool, size: [1, 1], shape: [3, 3, 2] }),
  ],
])('zeros before %s stay', (_, graph) => {
  expect(foldZeroPadding(graph)).toEqual(graph);
});
