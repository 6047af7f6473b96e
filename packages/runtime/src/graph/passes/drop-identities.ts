import { inputsOf, withNodes } from '../ends.js';
import type { Graph, GraphNode } from '../graph.js';
import { firstInput } from '../node-inputs.js';
import { isNone } from '../padding.js';
import { requireGraph } from '../require-graph.js';
import { sameShape } from '../shape-of.js';
import { withoutDead } from './merge-pairs.js';

/**
 * Removes nodes that give what they read (linear activations, padding by nothing, pools of 1x1 without stride, joins of
 * one value, flattened vectors, reshapes to the same shape) and nodes that the result does not need. The result may be
 * the graph's input itself.
 *
 * @param graph - A valid graph; not modified.
 *
 * @example
 * ```ts
 * import { dropIdentities, type Graph } from '@espalier/runtime';
 *
 * export const needed = (graph: Graph): number => dropIdentities(graph).nodes.length;
 * ```
 */
export function dropIdentities(graph: Graph): Graph {
  requireGraph(graph);
  const same = new Map<string, string>();
  const shapes = new Map(inputsOf(graph).map(({ name, shape }) => [name, shape]));
  const current = (name: string): string => same.get(name) ?? name;
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(current);
    const first = firstInput(node);
    shapes.set(node.name, node.shape);
    if (isIdentity(node, sameShape(node.shape, shapes.get(first) ?? []))) same.set(node.name, current(first));
    else nodes.push({ ...node, inputs });
  }
  return withoutDead(withNodes(graph, nodes, current));
}

function isIdentity(node: GraphNode, keepsShape: boolean): boolean {
  switch (node.kind) {
    case 'activation':
      return node.activation === 'linear';
    case 'zeroPadding':
      return isNone(node.padding);
    case 'pool':
      return [...node.size, ...node.strides].every(length => length === 1);
    case 'concat':
      return node.inputs.length === 1;
    case 'crop':
      return isNone(node.padding);
    case 'flatten':
    case 'reshape':
      return keepsShape;
    case 'upsampling':
    case 'depthToSpace':
      return keepsShape;
    case 'permute':
      return node.order.every((axis, index) => axis === index);
    default:
      return false;
  }
}
