import type {
  ActivationNode,
  AddNode,
  ConvolutionNode,
  Graph,
  GraphNode,
  NormalizationNode,
} from '../../src/graph/graph.js';
import { noPadding } from '../../src/graph/padding.js';

/** A graph of an image of 2x2 and one channel; the last node gives the result. */
export function graphOf(...nodes: GraphNode[]): Graph {
  return { input: { name: 'image', shape: [2, 2, 1] }, nodes, output: nodes.at(-1)!.name };
}

/** A convolution of 1x1 from one channel to two, times 1 and -1, unless `change` says otherwise. */
export function convolutionOf(name: string, input: string, change: Partial<ConvolutionNode> = {}): ConvolutionNode {
  return {
    kind: 'convolution',
    name,
    inputs: [input],
    shape: [2, 2, 2],
    kernel: Float32Array.of(1, -1),
    kernelShape: [1, 1, 1, 2],
    strides: [1, 1],
    dilations: [1, 1],
    padding: noPadding,
    groups: 1,
    activation: 'linear',
    ...change,
  };
}

export function normalizationOf(name: string, input: string, scale: number[], offset: number[]): NormalizationNode {
  const weights = { scale: Float32Array.from(scale), offset: Float32Array.from(offset) };
  return { kind: 'normalization', name, inputs: [input], shape: [2, 2, scale.length], ...weights };
}

export function relu(name: string, input: string, activation: ActivationNode['activation'] = 'relu'): ActivationNode {
  return { kind: 'activation', name, inputs: [input], shape: [2, 2, 2], activation };
}

export function sumOf(name: string, left: string, right: string): AddNode {
  return { kind: 'add', name, inputs: [left, right], shape: [2, 2, 2], activation: 'linear' };
}
