import { isSelection } from '../cost/selection.js';
import { inputsOf } from '../ends.js';
import type { ConvolutionNode, Graph } from '../graph.js';
import { requireGraph } from '../require-graph.js';
import { sameShape } from '../shape-of.js';
import { mergePairs } from './merge-pairs.js';

/**
 * Makes one operand of a sum the residual of the convolution that makes the other: the second input of that
 * convolution, added after its bias and before the activation of the sum. Both must have the shape of the sum.
 *
 * Takes a convolution without activation and residual of its own whose value only the sum reads; of two such
 * convolutions the one that comes last, and one that only moves channels (a shortcut without parameters) only where
 * there is no other.
 *
 * @param graph - A valid graph; not modified.
 *
 * @example
 * ```ts
 * import { fuseResidualAdd, type Graph } from '@espalier/runtime';
 *
 * export const fused = (graph: Graph): number => fuseResidualAdd(graph).nodes.length;
 * ```
 */
export function fuseResidualAdd(graph: Graph): Graph {
  requireGraph(graph);
  return fuse(
    fuse(graph, node => !isSelection(node)),
    () => true,
  );
}

function fuse(graph: Graph, accept: (node: ConvolutionNode) => boolean): Graph {
  const shapes = new Map([...inputsOf(graph), ...graph.nodes].map(({ name, shape }) => [name, shape]));
  return mergePairs(graph, (node, producer) => {
    if (node.kind !== 'add' || producer.kind !== 'convolution') return undefined;
    if (producer.activation !== 'linear' || producer.inputs.length > 1 || !accept(producer)) return undefined;
    const others = node.inputs.filter(input => input !== producer.name);
    if (![producer.shape, shapes.get(others[0] ?? '') ?? []].every(shape => sameShape(shape, node.shape)))
      return undefined;
    return { ...producer, inputs: [...producer.inputs, ...others], activation: node.activation };
  });
}
