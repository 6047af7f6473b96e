import { checkOptions, EspalierError, InvalidOptionError, nearestName, type OptionRules, rules } from '@espalier/core';
import { InvalidGraphError } from '../errors.js';
import type { Graph, GraphInput, GraphNode } from './graph.js';

const { anything, list, object, oneOf, optional, text, that } = rules;

const floats = that('a Float32Array', value => value instanceof Float32Array);
const numbers = list(that('a number', value => typeof value === 'number'));
const padding = object<object>({ top: anything, bottom: anything, left: anything, right: anything });
const mode = oneOf('max', 'average');
const input = object<GraphInput>({ name: text, shape: numbers });
const common = { kind: text, name: text, inputs: list(text), shape: numbers };
const kernel = { ...common, kernel: floats, bias: optional(floats), activation: anything };

/** Fields of every kind of node, and of which type each is; ranges and sizes are looked at where nodes are checked. */
const rulesByKind: ReadonlyMap<string, OptionRules<object>> = new Map<GraphNode['kind'], OptionRules<object>>([
  ['convolution', { ...kernel, kernelShape: numbers, strides: numbers, dilations: numbers, padding, groups: anything }],
  ['dense', kernel],
  ['normalization', { ...common, scale: floats, offset: floats }],
  ['activation', { ...common, activation: anything }],
  ...(['add', 'multiply', 'subtract', 'maximum', 'minimum'] as const).map(
    (kind): [GraphNode['kind'], OptionRules<object>] => [kind, { ...common, activation: anything }],
  ),
  ['prelu', { ...common, slope: floats }],
  ['transposedConvolution', { ...kernel, kernelShape: numbers, strides: numbers, padding, extra: numbers }],
  ['crop', { ...common, padding }],
  ['upsampling', { ...common, factors: numbers, mode: oneOf('nearest', 'bilinear'), centers: oneOf('corner', 'half') }],
  ['depthToSpace', { ...common, block: numbers, padding }],
  ['permute', { ...common, order: numbers }],
  ['reshape', { ...common, target: numbers }],
  ['concat', common],
  ['pool', { ...common, mode, size: numbers, strides: numbers, padding }],
  ['globalPool', { ...common, mode }],
  ['zeroPadding', { ...common, padding }],
  ['flatten', common],
  ['softmax', common],
]);

/**
 * Refuses what has not the form of a graph, unknown fields included.
 *
 * @throws {@link InvalidOptionError} if it is no graph at all.
 * @throws {@link InvalidGraphError} if a part has another form; names the node.
 */
export function requireGraph(graph: unknown): asserts graph is Graph {
  const { nodes } = (typeof graph === 'object' && graph !== null ? graph : {}) as Partial<Graph>;
  if (!Array.isArray(nodes)) throw new InvalidOptionError('graph', graph, 'a graph, with input, nodes and output');
  inGraph('graph', () => {
    checkOptions<Graph>(graph, {
      input,
      otherInputs: optional(list(input)),
      nodes: anything,
      output: text,
      otherOutputs: optional(list(text)),
    });
  });
  for (const [index, node] of nodes.entries()) requireNode(node, index);
}

function requireNode(node: unknown, index: number): void {
  const { name, kind } = (typeof node === 'object' && node !== null ? node : {}) as Partial<GraphNode>;
  const where = typeof name === 'string' && name !== '' ? name : `nodes[${index}]`;
  const checks = typeof kind === 'string' ? rulesByKind.get(kind) : undefined;
  if (checks) {
    inGraph(where, () => checkOptions<object>(node, checks));
    return;
  }
  const kinds = [...rulesByKind.keys()];
  const meant = typeof kind === 'string' ? nearestName(kind, kinds) : undefined;
  const remedy = meant === undefined ? `Known: ${kinds.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new InvalidGraphError(where, `Its kind is ${JSON.stringify(kind) ?? 'missing'}, which there is not. ${remedy}`);
}

/** What is wrong with a field, as what is wrong with the graph. */
function inGraph(node: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    throw new InvalidGraphError(node, error.message);
  }
}
