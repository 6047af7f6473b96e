import { isNowhereNegative as isPositive } from '../activation.js';
import type { ConvolutionNode, Graph, GraphNode, PoolNode, ZeroPaddingNode } from '../graph.js';
import { firstInput, withFirstInput } from '../node-inputs.js';
import { sumOf } from '../padding.js';
import { requireGraph } from '../require-graph.js';
import { withoutDead } from './merge-pairs.js';

/**
 * Lets convolutions do the zero padding of what they read, and maximum pools where zeros cannot win: where the padded
 * image is nowhere negative (it comes out of a ReLU, say) and every window holds a place that is not padding.
 *
 * Zeros before an average pool stay a node, because a pool does not count its own padding.
 *
 * @param graph - A valid graph; not modified.
 *
 * @example
 * ```ts
 * import { foldZeroPadding, type Graph } from '@espalier/runtime';
 *
 * export const folded = (graph: Graph): number => foldZeroPadding(graph).nodes.length;
 * ```
 */
export function foldZeroPadding(graph: Graph): Graph {
  requireGraph(graph);
  const earlier = new Map<string, GraphNode>();
  const positive = new Set<string>();
  const nodes = graph.nodes.map(node => {
    const padded = earlier.get(firstInput(node));
    const result = padded?.kind === 'zeroPadding' ? folded(node, padded, positive) : node;
    earlier.set(node.name, result);
    if (isNowhereNegative(node, positive)) positive.add(node.name);
    return result;
  });
  return withoutDead({ ...graph, nodes });
}

function folded(node: GraphNode, zeros: ZeroPaddingNode, positive: ReadonlySet<string>): GraphNode {
  if (node.kind === 'convolution') return moved(node, zeros);
  if (node.kind !== 'pool' || node.mode === 'average' || !positive.has(firstInput(zeros))) return node;
  const pool = moved(node, zeros);
  const { top, bottom, left, right } = pool.padding;
  return Math.max(top, bottom) < pool.size[0] && Math.max(left, right) < pool.size[1] ? pool : node;
}

function moved<N extends ConvolutionNode | PoolNode>(node: N, zeros: ZeroPaddingNode): N {
  return { ...node, padding: sumOf(node.padding, zeros.padding), inputs: withFirstInput(node, firstInput(zeros)) };
}

function isNowhereNegative(node: GraphNode, positive: ReadonlySet<string>): boolean {
  switch (node.kind) {
    case 'softmax':
      return true;
    case 'pool':
    case 'globalPool':
    case 'zeroPadding':
    case 'crop':
    case 'upsampling':
    case 'depthToSpace':
    case 'permute':
    case 'flatten':
    case 'reshape':
    case 'concat':
      return node.inputs.every(input => positive.has(input));
    default:
      return 'activation' in node && isPositive(node.activation);
  }
}
