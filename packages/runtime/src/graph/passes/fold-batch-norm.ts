import type {
  ConvolutionNode,
  DenseNode,
  Graph,
  GraphNode,
  NormalizationNode,
  TransposedConvolutionNode,
} from '../graph.js';
import { requireGraph } from '../require-graph.js';
import { mergePairs } from './merge-pairs.js';

/**
 * Folds every normalization into the convolution or dense layer that makes its input: kernels of output `o` times
 * `scale[o]`, bias times scale plus offset. Zeros of kernels stay zeros.
 *
 * Left alone is what cannot be folded: a normalization of a sum, of a pool, of the graph's input, of a value that
 * others read too, of a value after an activation; one *before* a convolution (its offset would have to reach into the
 * zero padding); and one whose scale or offset is not finite.
 *
 * @param graph - A valid graph; not modified.
 *
 * @example
 * ```ts
 * import { foldBatchNorm, type Graph } from '@espalier/runtime';
 *
 * export const folded = (graph: Graph): number => foldBatchNorm(graph).nodes.length;
 * ```
 */
export function foldBatchNorm(graph: Graph): Graph {
  requireGraph(graph);
  return mergePairs(graph, (node, producer) => {
    if (node.kind !== 'normalization' || !hasFiniteWeights(node)) return undefined;
    if (!hasKernel(producer)) return undefined;
    if (producer.activation !== 'linear' || producer.inputs.length > 1) return undefined;
    return scaled(producer, node);
  });
}

type KernelNode = ConvolutionNode | DenseNode | TransposedConvolutionNode;

const hasKernel = (node: GraphNode): node is KernelNode =>
  ['convolution', 'dense', 'transposedConvolution'].includes(node.kind);

const hasFiniteWeights = ({ scale, offset }: NormalizationNode): boolean =>
  scale.every(Number.isFinite) && offset.every(Number.isFinite);

function scaled<N extends KernelNode>(node: N, { scale, offset }: NormalizationNode): N {
  const outputs = scale.length;
  const kernel = new Float32Array(node.kernel.length);
  for (let base = 0; base < kernel.length; base += outputs) {
    for (let o = 0; o < outputs; o++) kernel[base + o] = (node.kernel[base + o] as number) * (scale[o] as number);
  }
  const bias = scale.map((factor, output) => (node.bias?.[output] ?? 0) * factor + (offset[output] as number));
  return { ...node, kernel, bias };
}
