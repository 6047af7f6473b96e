import { afterwards } from '../activation.js';
import type { Graph } from '../graph.js';
import { requireGraph } from '../require-graph.js';
import { mergePairs } from './merge-pairs.js';

/**
 * Lets convolutions, dense layers, sums, products and activations apply the activation that follows them; two that
 * follow each other become one where one does what both do.
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
    const activation = afterwards(producer.activation, node.activation);
    return activation === undefined ? undefined : { ...producer, activation };
  });
}
