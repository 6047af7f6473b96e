import { expect, test } from 'vitest';
import { interpret } from '../../../test/graph/interpret.js';
import { convolutionOf, graphOf, normalizationOf, relu, sumOf } from '../../../test/graph/nodes.js';
import type { Activation } from '../graph.js';
import { fuseActivation } from './fuse-activation.js';

const conv = convolutionOf('conv', 'image');
const pixels = Float32Array.of(1, -2, 30, -4);

test.each<[Activation, Activation, Activation]>([
  ['linear', 'linear', 'linear'],
  ['linear', 'relu', 'relu'],
  ['linear', 'relu6', 'relu6'],
  ['relu', 'linear', 'relu'],
  ['relu', 'relu', 'relu'],
  ['relu', 'relu6', 'relu6'],
  ['relu6', 'linear', 'relu6'],
  ['relu6', 'relu', 'relu6'],
  ['relu6', 'relu6', 'relu6'],
])('%s and then %s is %s', (first, second, both) => {
  const graph = graphOf({ ...conv, activation: first }, relu('act', 'conv', second));
  const fused = fuseActivation(graph);
  expect(fused.nodes).toMatchObject([{ name: 'conv', activation: both }]);
  expect(interpret(fused, pixels)).toEqual(interpret(graph, pixels));
});

test('a chain of activations goes into a sum', () => {
  const graph = graphOf(conv, sumOf('sum', 'conv', 'conv'), relu('a', 'sum'), relu('b', 'a', 'relu6'));
  const fused = fuseActivation(graph);
  expect(fused.nodes).toMatchObject([
    { name: 'conv', activation: 'linear' },
    { name: 'sum', activation: 'relu6' },
  ]);
  expect(interpret(fused, pixels)).toEqual(interpret(graph, pixels));
});

test('an activation of a value that is read twice, or of a normalization, stays', () => {
  const twice = graphOf(conv, relu('act', 'conv'), sumOf('sum', 'conv', 'act'));
  expect(fuseActivation(twice)).toEqual(twice);
  const result = { ...graphOf(conv, relu('act', 'conv')), output: 'conv' };
  expect(fuseActivation(result)).toEqual(result);
  const norm = graphOf(conv, normalizationOf('norm', 'conv', [1, 1], [0, 0]), relu('act', 'norm'));
  expect(fuseActivation(norm)).toEqual(norm);
});
