import type { ConvolutionNode, DenseNode, Graph, TransposedConvolutionNode } from '../graph.js';
import { requireGraph } from '../require-graph.js';
import { countNonzeros } from './count-nonzeros.js';
import { isSelection } from './selection.js';

/** What one convolution or dense layer costs for one image. */
export interface NodeCost {
  /** Name of the node. */
  readonly name: string;
  /** Entries of the kernel. */
  readonly entries: number;
  /** Entries of the kernel that are not 0. */
  readonly nonzeros: number;
  /** Multiply-accumulates of the dense layer, those with padding included. */
  readonly denseMultiplyAdds: number;
  /** Multiply-accumulates with kernel entries that are not 0. */
  readonly sparseMultiplyAdds: number;
}

/** What a network costs for one image. */
export interface GraphCost {
  /** Convolutions and dense layers, in the graph's order. */
  readonly nodes: readonly NodeCost[];
  /** Entries of all kernels. */
  readonly entries: number;
  /** Kernel entries that are not 0. */
  readonly nonzeros: number;
  /** Multiply-accumulates of the dense network. */
  readonly denseMultiplyAdds: number;
  /** Multiply-accumulates with kernel entries that are not 0. */
  readonly sparseMultiplyAdds: number;
  /** `sparseMultiplyAdds / denseMultiplyAdds`, from 0 to 1: what decides the speed. 1 for a network without kernels. */
  readonly flopDensity: number;
}

/**
 * Multiply-accumulates of the convolutions and dense layers of a network, dense and sparse, for one image.
 *
 * Biases, normalization, activations and pools are not counted, as is usual; nor are convolutions that only move
 * channels (the shortcut without parameters of a residual network).
 *
 * @param graph - A valid graph.
 *
 * @example
 * ```ts
 * import { graphCost, graphFromCheckpoint } from '@espalier/runtime';
 * import type { Checkpoint } from '@espalier/core';
 *
 * export function density(checkpoint: Checkpoint): number {
 *   return graphCost(graphFromCheckpoint(checkpoint)).flopDensity;
 * }
 * ```
 */
export function graphCost(graph: Graph): GraphCost {
  requireGraph(graph);
  const nodes = graph.nodes
    .filter(node => node.kind === 'convolution' || node.kind === 'dense' || node.kind === 'transposedConvolution')
    .filter(node => !isSelection(node))
    .map(costOf);
  const sum = (field: Exclude<keyof NodeCost, 'name'>): number => nodes.reduce((total, node) => total + node[field], 0);
  const denseMultiplyAdds = sum('denseMultiplyAdds');
  const sparseMultiplyAdds = sum('sparseMultiplyAdds');
  return {
    nodes,
    entries: sum('entries'),
    nonzeros: sum('nonzeros'),
    denseMultiplyAdds,
    sparseMultiplyAdds,
    flopDensity: denseMultiplyAdds === 0 ? 1 : sparseMultiplyAdds / denseMultiplyAdds,
  };
}

function costOf(node: ConvolutionNode | DenseNode | TransposedConvolutionNode): NodeCost {
  const { name, kernel } = node;
  const pixels = placesOf(node);
  const nonzeros = countNonzeros(kernel);
  return {
    name,
    entries: kernel.length,
    nonzeros,
    denseMultiplyAdds: kernel.length * pixels,
    sparseMultiplyAdds: nonzeros * pixels,
  };
}

/** How often each entry of a kernel is used: once for each pixel of the output, of a transposed one for the input. */
function placesOf(node: ConvolutionNode | DenseNode | TransposedConvolutionNode): number {
  if (node.kind === 'dense') return 1;
  const [height = 1, width = 1] = node.shape;
  if (node.kind === 'convolution') return height * width;
  const { kernelShape, strides, padding, extra } = node;
  const rows = (height + padding.top + padding.bottom - kernelShape[0] - extra[0]) / strides[0] + 1;
  return rows * ((width + padding.left + padding.right - kernelShape[1] - extra[1]) / strides[1] + 1);
}
