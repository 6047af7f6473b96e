import { InvalidOptionError, type SafetensorsTensor } from '@espalier/core';
import { InvalidDescriptionError } from '../../errors.js';
import type { Graph, GraphInput, Shape } from '../graph.js';
import { GraphBuilder } from '../graph-builder.js';
import { isDeeperThan } from '../show.js';
import { NodeFields } from './node-fields.js';
import type { NodeContext } from './node-reading.js';
import { readNode, refuseOrder } from './read-node.js';
import type { Layout } from './tensors.js';

/**
 * The network of a {@link GraphDescription} and the tensors of a safetensors file, for models from elsewhere:
 * TensorFlow's and PyTorch's layouts of kernels are both read.
 *
 * @param description - Parsed JSON; nothing about it is trusted.
 * @param tensors - `readSafetensors(bytes).tensors`: F32, F16 or BF16. Those that no node names are ignored.
 * @returns A graph that passes {@link checkGraph}.
 * @throws {@link InvalidOptionError} if the tensors are no Map.
 * @throws {@link InvalidDescriptionError} if a field is missing, wrong or unknown, or a tensor is missing or of another
 *   type.
 * @throws {@link InvalidGraphError} if nodes, shapes and weights do not agree or are over the limits.
 *
 * @example A linear classifier from PyTorch.
 * ```ts
 * import { float32Tensor } from '@espalier/core';
 * import { type GraphDescription, graphFromDescription } from '@espalier/runtime';
 *
 * const description: GraphDescription = {
 *   format: 'espalier-graph/1',
 *   layout: 'OIHW',
 *   input: { name: 'features', shape: [2] },
 *   nodes: [{ kind: 'dense', name: 'logits', inputs: ['features'], kernel: 'fc.weight' }],
 *   output: 'logits',
 * };
 * const tensors = new Map([['fc.weight', float32Tensor([3, 2], new Float32Array(6))]]);
 * graphFromDescription(description, tensors).nodes[0]?.shape; // [3]
 * ```
 */
export function graphFromDescription(description: unknown, tensors: ReadonlyMap<string, SafetensorsTensor>): Graph {
  if (!(tensors instanceof Map)) {
    throw new InvalidOptionError('tensors', tensors, 'a Map of tensors by name, as readSafetensors gives it');
  }
  if (isDeeperThan(description, 16)) throw new InvalidDescriptionError('It is nested deeper than 16 levels.');
  const fields = new NodeFields(description, 'description');
  fields.choice('format', ['espalier-graph/1']);
  const layout = fields.choice<Layout>('layout', ['HWIO', 'OIHW']);
  const others = fields.take('otherInputs') === undefined ? [] : fields.list('otherInputs');
  const builder = new GraphBuilder(
    inputOf(fields.take('input'), 'input'),
    others.map((input, index) => inputOf(input, `other input ${index}`)),
  );
  const nodes = fields.list('nodes');
  const output = fields.text('output');
  const otherOutputs = fields.take('otherOutputs') === undefined ? [] : fields.texts('otherOutputs');
  fields.done();
  const context: NodeContext = {
    layout,
    tensors,
    channelsFirst: new Map(),
    shape: (name, user) => builder.shape(name, user),
  };
  for (const [index, node] of nodes.entries()) builder.add(readNode(new NodeFields(node, `node ${index}`), context));
  for (const name of [output, ...otherOutputs])
    if (context.channelsFirst.has(name)) refuseOrder(name, 'and the result');
  return builder.build(output, otherOutputs);
}

function inputOf(value: unknown, where: string): GraphInput {
  const fields = new NodeFields(value, where);
  const name = fields.text('name');
  const shape = fields.list('shape');
  const checked = fields.integers('shape', shape.length === 1 ? 1 : 3, 1) as unknown as Shape;
  fields.done();
  return { name, shape: checked };
}
