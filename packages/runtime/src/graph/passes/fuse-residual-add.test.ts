import { expect, test } from 'vitest';
import { interpret } from '../../../test/graph/interpret.js';
import { convolutionOf, graphOf, relu, sumOf } from '../../../test/graph/nodes.js';
import { checkGraph } from '../check-graph.js';
import { channelPadding } from '../cost/selection.js';
import { fuseResidualAdd } from './fuse-residual-add.js';

const first = convolutionOf('first', 'image');
const second = convolutionOf('second', 'image', { kernel: Float32Array.of(3, 5), bias: Float32Array.of(1, 2) });
const pixels = Float32Array.of(1, -2, 3, -4);

test('the later convolution takes the earlier one as its residual, and the activation of the sum', () => {
  const graph = graphOf(first, second, { ...sumOf('sum', 'second', 'first'), activation: 'relu' });
  const fused = fuseResidualAdd(graph);
  checkGraph(fused);
  expect(fused.nodes).toMatchObject([
    { name: 'first', inputs: ['image'], activation: 'linear' },
    { name: 'second', inputs: ['image', 'first'], activation: 'relu' },
  ]);
  expect(interpret(fused, pixels)).toEqual(interpret(graph, pixels));
});

test('a convolution moves behind a residual that is computed after it', () => {
  const graph = graphOf(second, { ...first, activation: 'relu' }, relu('act', 'first'), sumOf('sum', 'second', 'act'));
  const fused = fuseResidualAdd(graph);
  checkGraph(fused);
  expect(fused.nodes.map(({ name }) => name)).toEqual(['first', 'act', 'second']);
  expect(interpret(fused, pixels)).toEqual(interpret(graph, pixels));
});

test('a shortcut that only moves channels becomes the residual rather than having one', () => {
  const shortcut = { ...channelPadding('shortcut', 'image', 1, 0, 1), shape: [2, 2, 2] } as const;
  const graph = graphOf(second, shortcut, sumOf('sum', 'second', 'shortcut'));
  const fused = fuseResidualAdd(graph);
  expect(fused.nodes).toMatchObject([{ name: 'shortcut' }, { name: 'second', inputs: ['image', 'shortcut'] }]);
  const alone = graphOf({ ...first, activation: 'relu' }, shortcut, sumOf('sum', 'first', 'shortcut'));
  expect(fuseResidualAdd(alone).nodes).toMatchObject([
    { name: 'first' },
    { name: 'shortcut', inputs: ['image', 'first'] },
  ]);
});

test('a chain of sums fuses one by one', () => {
  const third = convolutionOf('third', 'image', { kernel: Float32Array.of(7, -7) });
  const graph = graphOf(first, second, sumOf('a', 'first', 'second'), third, sumOf('b', 'a', 'third'));
  const fused = fuseResidualAdd(graph);
  expect(fused.nodes.map(({ inputs }) => inputs.join())).toEqual(['image', 'image,first', 'image,second']);
  expect(interpret(fused, pixels)).toEqual(interpret(graph, pixels));
});

test.each([
  ['of a value with itself', graphOf(first, sumOf('sum', 'first', 'first'))],
  [
    'of activated values',
    graphOf({ ...first, activation: 'relu' }, { ...second, activation: 'relu' }, sumOf('sum', 'first', 'second')),
  ],
  ['of values that are read elsewhere', graphOf(first, relu('act', 'first'), sumOf('sum', 'first', 'act'))],
])('a sum %s stays', (_, graph) => {
  expect(fuseResidualAdd(graph)).toEqual(graph);
});
