import type { TileTensor } from '../engine/engine.js';
import type { ConvolutionNode } from '../graph/graph.js';
import { suitsWinograd } from '../kernels/index.js';

/** Whether a convolution is computed with transformed weights, so that there is nothing to cut up. */
export function usesWinograd(node: ConvolutionNode, tensorOf: (name: string) => TileTensor): boolean {
  const [input, residual] = node.inputs;
  return input !== undefined && residual === undefined && suitsWinograd(node, tensorOf(input), tensorOf(node.name));
}
