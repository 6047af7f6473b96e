import type { Activation, Graph } from '../graph.js';
import { requireGraph } from '../require-graph.js';
import { mergePairs } from './merge-pairs.js';

/**
 * Lets convolutions, dense layers, sums and activations apply the activation that follows them.
 *
 * @param graph - A valid graph; not modified.
 *
 * @example
 * ```ts
 * import { fuseActivation, type Graph } from '@espalier/runtime';
 *
 * export const fused = (graph: Graph): number => fuseActivation(graph).nodes.length;
 * ```
 */
export function fuseActivation(graph: Graph): Graph {
  requireGraph(graph);
  return mergePairs(graph, (node, producer) => {
    if (node.kind !== 'activation' || !('activation' in producer)) return undefined;
    return { ...producer, activation: after(producer.activation, node.activation) };
  });
}

/** One activation that does what both do; ReLU6 of ReLU and ReLU of ReLU6 are ReLU6. */
function after(first: Activation, second: Activation): Activation {
  if (first === 'linear') return second;
  return second === 'relu6' ? 'relu6' : first;
}
