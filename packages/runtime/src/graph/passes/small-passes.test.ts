import { expect, test } from 'vitest';
import { interpret } from '../../../test/graph/interpret.js';
import { convolutionOf, graphOf, relu } from '../../../test/graph/nodes.js';
import { checkGraph } from '../check-graph.js';
import type { PoolNode } from '../graph.js';
import { noPadding } from '../padding.js';
import { dropIdentities } from './drop-identities.js';
import { mergeSubsampling } from './merge-subsampling.js';

const pixels = Float32Array.of(1, -2, 3, -4);
const pick: PoolNode = {
  kind: 'pool',
  name: 'pick',
  inputs: ['image'],
  shape: [1, 1, 1],
  mode: 'average',
  size: [1, 1],
  strides: [2, 2],
  padding: noPadding,
};

test('a convolution of 1x1 does the striding of a pool of 1x1 before it', () => {
  const graph = graphOf(pick, convolutionOf('conv', 'pick', { shape: [1, 1, 2] }));
  const merged = mergeSubsampling(graph);
  checkGraph(merged);
  expect(merged.nodes).toMatchObject([{ name: 'conv', inputs: ['image'], strides: [2, 2] }]);
  expect(interpret(merged, pixels)).toEqual(interpret(graph, pixels));
});

test.each([
  ['of a larger window', graphOf({ ...pick, size: [2, 1] }, convolutionOf('conv', 'pick', { shape: [1, 1, 2] }))],
  [
    'before a larger convolution',
    graphOf(
      pick,
      convolutionOf('conv', 'pick', {
        shape: [1, 1, 2],
        kernelShape: [2, 1, 1, 2],
        kernel: new Float32Array(4),
        padding: { ...noPadding, top: 1 },
      }),
    ),
  ],
  [
    'that is the residual',
    graphOf(
      pick,
      convolutionOf('half', 'image', { kernelShape: [2, 2, 1, 1], kernel: new Float32Array(4), shape: [1, 1, 1] }),
      convolutionOf('conv', 'half', {
        inputs: ['half', 'pick'],
        shape: [1, 1, 1],
        kernelShape: [1, 1, 1, 1],
        kernel: new Float32Array(1),
      }),
    ),
  ],
])('a pool %s stays', (_, graph) => {
  checkGraph(graph);
  expect(mergeSubsampling(graph)).toEqual(graph);
});

test('nodes that do nothing and nodes that nobody needs are dropped', () => {
  const graph = {
    ...graphOf(
      { kind: 'zeroPadding', name: 'none', inputs: ['image'], shape: [2, 2, 1], padding: noPadding },
      convolutionOf('dead', 'none'),
      { ...pick, name: 'one', inputs: ['none'], strides: [1, 1], shape: [2, 2, 1] },
      { kind: 'concat', name: 'single', inputs: ['one'], shape: [2, 2, 1] },
      { ...relu('linear', 'single', 'linear'), shape: [2, 2, 1] },
      convolutionOf('conv', 'linear'),
      { kind: 'flatten', name: 'flat', inputs: ['conv'], shape: [8] },
      { kind: 'flatten', name: 'again', inputs: ['flat'], shape: [8] },
    ),
  } as const;
  checkGraph(graph);
  const dropped = dropIdentities(graph);
  checkGraph(dropped);
  expect(dropped.nodes.map(({ name, inputs }) => `${name} ${inputs}`)).toEqual(['conv image', 'flat conv']);
  expect(dropped.output).toBe('flat');
  expect(interpret(dropped, pixels)).toEqual(interpret(graph, pixels));
});

test('a graph of identities gives its input', () => {
  const dropped = dropIdentities(graphOf({ ...relu('linear', 'image', 'linear'), shape: [2, 2, 1] }));
  expect(dropped).toMatchObject({ nodes: [], output: 'image' });
});
