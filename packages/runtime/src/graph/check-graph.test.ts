import { expect, test } from 'vitest';
import { InvalidGraphError } from '../errors.js';
import { checkGraph, maximumNodes } from './check-graph.js';
import type { ConvolutionNode, Graph, GraphNode } from './graph.js';
import { noPadding } from './padding.js';

const convolution: ConvolutionNode = {
  kind: 'convolution',
  name: 'conv',
  inputs: ['image'],
  shape: [4, 4, 2],
  kernel: new Float32Array(2 * 2 * 3 * 2),
  kernelShape: [2, 2, 3, 2],
  bias: new Float32Array(2),
  strides: [1, 1],
  dilations: [1, 1],
  padding: noPadding,
  groups: 1,
  activation: 'linear',
};
const sum: GraphNode = { kind: 'add', name: 'sum', inputs: ['conv', 'conv'], shape: [4, 4, 2], activation: 'relu' };
const flat: GraphNode = { kind: 'flatten', name: 'flat', inputs: ['sum'], shape: [32] };
const dense: GraphNode = {
  kind: 'dense',
  name: 'logits',
  inputs: ['flat'],
  shape: [3],
  kernel: new Float32Array(96),
  activation: 'linear',
};
const pool: GraphNode = {
  kind: 'pool',
  name: 'pool',
  inputs: ['image'],
  shape: [3, 3, 3],
  mode: 'max',
  size: [2, 2],
  strides: [2, 2],
  padding: { top: 0, bottom: 1, left: 1, right: 0 },
};
const transposed: GraphNode = {
  kind: 'transposedConvolution',
  name: 'up',
  inputs: ['image'],
  shape: [11, 14, 4],
  kernel: new Float32Array(72),
  kernelShape: [3, 2, 3, 4],
  strides: [2, 3],
  padding: noPadding,
  extra: [0, 0],
  activation: 'linear',
};
const slopes: GraphNode = {
  kind: 'prelu',
  name: 'slopes',
  inputs: ['image'],
  shape: [5, 5, 3],
  slope: new Float32Array(3),
};
const crop: GraphNode = { kind: 'crop', name: 'moved', inputs: ['image'], shape: [5, 5, 3], padding: noPadding };
const { padding: _, ...moved } = crop;
const graphOf = (...nodes: GraphNode[]): Graph => ({
  input: { name: 'image', shape: [5, 5, 3] },
  nodes,
  output: nodes.at(-1)?.name ?? 'image',
});

test('a consistent graph passes', () => {
  expect(() => checkGraph(graphOf(convolution, sum, flat, dense))).not.toThrow();
  for (const node of [pool, transposed, slopes, crop]) expect(() => checkGraph(graphOf(node))).not.toThrow();
  expect(() => checkGraph(graphOf({ ...convolution, inputs: ['image'] }))).not.toThrow();
});

const wrong = (node: object, change: object, ...before: GraphNode[]): Graph =>
  graphOf(...before, { ...node, ...change } as GraphNode);

test.each<[string, Graph, RegExp]>([
  ['conv', wrong(convolution, { kernelShape: [2, 2, 4, 2] }), /24 entries/],
  ['conv', wrong(convolution, { kernelShape: [2, 2, 3], kernel: new Float32Array(12) }), /four axes/],
  ['conv', wrong(convolution, { kernelShape: [2, 2, 2, 3] }), /takes 2 channels, but its input has 3/],
  ['conv', wrong(convolution, { groups: 3 }), /3 groups do not divide 2/],
  ['conv', wrong(convolution, { bias: new Float32Array(3) }), /bias has 3 entries/],
  ['conv', wrong(convolution, { strides: [0, 1] }), /strides are \[0,1\]/],
  ['conv', wrong(convolution, { dilations: [1, 1.5] }), /dilations/],
  ['conv', wrong(convolution, { dilations: [5, 1] }), /covers 6x2, more than the padded image 5x5/],
  ['conv', wrong(convolution, { padding: { ...noPadding, left: -1 } }), /padding/],
  ['conv', wrong(convolution, { activation: 'gelo' }), /activation is "gelo"/],
  ['conv', wrong(convolution, { shape: [5, 4, 2] }), /inputs and weights make it \[4,4,2\]/],
  ['conv', wrong(convolution, { inputs: ['image', 'image'] }), /adds \[5,5,3\] to \[4,4,2\]/],
  ['conv', wrong(convolution, { inputs: [] }), /0 inputs/],
  ['conv', wrong(convolution, { inputs: ['sum'] }), /no earlier node "sum"/],
  ['image', wrong(convolution, { name: 'image' }), /two values of this name/],
  ['conv', wrong(convolution, { activation: { kind: 'elu' } }), /kind elu needs the numbers alpha/],
  ['conv', wrong(convolution, { activation: { kind: 'elu', alpha: Number.NaN } }), /needs the numbers alpha/],
  ['conv', wrong(convolution, { activation: { kind: 'tanh', alpha: 1 } }), /must be linear, relu/],
  ['sum', wrong(sum, { inputs: ['conv', 'image'] }, convolution), /add takes \[4,4,2\] and \[5,5,3\]/],
  ['sum', wrong(sum, { kind: 'multiply', inputs: ['conv'] }, convolution), /kind multiply cannot have 1 inputs/],
  [
    'up',
    wrong(transposed, { kernelShape: [3, 2, 2, 4], kernel: new Float32Array(48) }),
    /takes 2 channels, but its input has 3/,
  ],
  ['up', wrong(transposed, { kernel: new Float32Array(71) }), /71 entries, but \[3,2,3,4\] needs 72/],
  ['up', wrong(transposed, { padding: { ...noPadding, bottom: 3 } }), /less than the kernel, 3x2/],
  ['up', wrong(transposed, { extra: [2, 0] }), /extra rows and columns are \[2,0\].*less than the strides \[2,3\]/],
  ['up', wrong(transposed, { bias: new Float32Array(3) }), /bias has 3 entries/],
  ['slopes', wrong(slopes, { slope: new Float32Array(5) }), /slope has 5 entries, but must have 3 or 75/],
  [
    'moved',
    wrong(crop, { padding: { ...noPadding, top: 5 } }),
    /cuts 5 rows and 0 columns off 5x5, which leaves nothing/,
  ],
  [
    'moved',
    wrong(moved, { kind: 'upsampling', factors: [0, 1], mode: 'nearest', centers: 'half' }),
    /factors are \[0,1\]/,
  ],
  ['moved', wrong(crop, { kind: 'depthToSpace', block: [2, 1] }), /blocks have 2 pixels, which do not divide 3/],
  ['moved', wrong(moved, { kind: 'permute', order: [0, 0, 2] }), /order is \[0,0,2\], but must hold the axes/],
  ['moved', wrong(moved, { kind: 'reshape', target: [5, 15] }), /reshapes \[5,5,3\] to \[5,15\]/],
  ['image', { ...graphOf(convolution), otherInputs: [{ name: 'image', shape: [2] }] }, /two inputs of this name/],
  ['gone', { ...graphOf(convolution), otherOutputs: ['gone'] }, /no earlier node "gone"/],
  ['logits', wrong(dense, { inputs: ['image'] }), /needs a vector/],
  ['logits', wrong(dense, { kernel: new Float32Array(95) }, convolution, sum, flat), /no multiple of its 32/],
  ['pool', wrong(pool, { padding: { ...noPadding, top: 2 } }), /as large as its window/],
  ['missing', { ...graphOf(convolution), output: 'missing' }, /no earlier node "missing"/],
  ['image', { ...graphOf(), input: { name: 'image', shape: [0] } }, /must be \[height, width, channels\]/],
  ['image', { ...graphOf(), input: { name: 'image', shape: [2 ** 14, 2 ** 14, 2] } }, /over the limit of 268435456/],
])('what is wrong with %s is said', (node, graph, reason) => {
  const check = (): void => checkGraph(graph);
  expect(check).toThrow(InvalidGraphError);
  expect(check).toThrow(reason);
  expect(check).toThrow(expect.objectContaining({ code: 'INVALID_GRAPH', node }));
});

test('more nodes than the limit are refused', () => {
  const nodes = Array.from({ length: maximumNodes + 1 }, (_, index): GraphNode => {
    const inputs = [index === 0 ? 'image' : `relu${index - 1}`];
    return { kind: 'activation', name: `relu${index}`, inputs, shape: [5, 5, 3], activation: 'relu' };
  });
  expect(() =>
    checkGraph(graphOf(...nodes.slice(1).map((node, i) => (i === 0 ? { ...node, inputs: ['image'] } : node)))),
  ).not.toThrow();
  expect(() => checkGraph(graphOf(...nodes))).toThrow(/more than 65536 nodes/);
});
