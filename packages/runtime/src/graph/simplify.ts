import type { Graph } from './graph.js';
import { dropIdentities } from './passes/drop-identities.js';
import { foldBatchNorm } from './passes/fold-batch-norm.js';
import { foldZeroPadding } from './passes/fold-zero-padding.js';
import { fuseActivation } from './passes/fuse-activation.js';
import { fuseResidualAdd } from './passes/fuse-residual-add.js';
import { mergeSubsampling } from './passes/merge-subsampling.js';
import { requireGraph } from './require-graph.js';

/**
 * The same function in fewer nodes: batch normalization folded into the convolution or dense layer before it,
 * activations and residual sums done by the node that makes the value, zero padding done by the convolution that reads
 * it, identities gone.
 *
 * Values change by rounding alone; pattern of zeros in kernels stays. What cannot be folded (a normalization after a
 * sum, zeros before an average pool) stays a node of its own.
 *
 * @param graph - A valid graph. Not modified; weights that do not change are shared with the result.
 *
 * @example
 * ```ts
 * import { graphFromCheckpoint, simplify } from '@espalier/runtime';
 * import type { Checkpoint } from '@espalier/core';
 *
 * export const nodes = (checkpoint: Checkpoint): number => simplify(graphFromCheckpoint(checkpoint)).nodes.length;
 * ```
 */
export function simplify(graph: Graph): Graph {
  requireGraph(graph);
  const passes = [
    dropIdentities,
    foldZeroPadding,
    mergeSubsampling,
    foldBatchNorm,
    fuseActivation,
    fuseResidualAdd,
    fuseActivation,
    foldZeroPadding,
  ];
  return passes.reduce((current, pass) => pass(current), graph);
}
