import type { Graph } from '../graph.js';
import { firstInput, withFirstInput } from '../node-inputs.js';
import { isNone } from '../padding.js';
import { requireGraph } from '../require-graph.js';
import { mergePairs } from './merge-pairs.js';

/**
 * Lets a convolution of 1x1 do the striding of a pool of 1x1 before it, as in the shortcut of a residual network.
 *
 * @param graph - A valid graph; not modified.
 *
 * @example
 * ```ts
 * import { type Graph, mergeSubsampling } from '@espalier/runtime';
 *
 * export const merged = (graph: Graph): number => mergeSubsampling(graph).nodes.length;
 * ```
 */
export function mergeSubsampling(graph: Graph): Graph {
  requireGraph(graph);
  return mergePairs(graph, (node, pool) => {
    if (node.kind !== 'convolution' || pool.kind !== 'pool' || node.inputs[0] !== pool.name) return undefined;
    const [height, width] = node.kernelShape;
    const windows = [height, width, ...pool.size];
    if (windows.some(length => length !== 1) || !isNone(node.padding) || !isNone(pool.padding)) return undefined;
    const strides = [node.strides[0] * pool.strides[0], node.strides[1] * pool.strides[1]] as const;
    return { ...node, strides, inputs: withFirstInput(node, firstInput(pool)) };
  });
}
