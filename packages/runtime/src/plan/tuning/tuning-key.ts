import type { TileTensor } from '../../engine/engine.js';
import { countNonzeros } from '../../graph/cost/count-nonzeros.js';
import type { ConvolutionNode } from '../../graph/graph.js';
import type { TuningTarget } from './tuning-target.js';

interface Globals {
  readonly process?: { readonly versions?: { readonly v8?: string } };
  readonly navigator?: { readonly userAgent?: string };
}

/** Changes when the kernels do, so that old choices are not taken for new ones. */
const VERSION = 2;

/** What the best way to partition a convolution depends on. Density counts in steps of 1 %. */
export function tuningKey(
  node: ConvolutionNode,
  input: TileTensor,
  { threads, instructions, native }: TuningTarget,
  globals: Globals = globalThis as Globals,
): string {
  const { kernelShape, strides, dilations, padding, groups, kernel } = node;
  return JSON.stringify([
    VERSION,
    ...[input.height, input.width, input.channels, input.lanes],
    ...[kernelShape, strides, dilations, [padding.top, padding.bottom, padding.left, padding.right], groups],
    node.inputs.length,
    Math.round((100 * countNonzeros(kernel)) / kernel.length),
    threads,
    native?.instructions ?? instructions,
    globals.process?.versions?.v8 ?? globals.navigator?.userAgent ?? '',
  ]);
}
