import type { ConvolutionNode, GraphNode } from '../graph.js';
import type { SpecOf } from '../node-spec.js';
import { noPadding } from '../padding.js';

/** Kernels that were made to move channels; those that were trained are arithmetic, whatever their values are. */
const movers = new WeakSet<Float32Array>();

/**
 * A convolution of 1x1 that puts channel `c` of its input at `before + c` and fills the others with zeros: how the
 * shortcut without parameters of a residual network gets its new channels.
 */
export function channelPadding(
  name: string,
  input: string,
  channels: number,
  before: number,
  after: number,
): SpecOf<'convolution'> {
  const outputs = before + channels + after;
  const kernel = new Float32Array(channels * outputs);
  for (let channel = 0; channel < channels; channel++) kernel[channel * outputs + before + channel] = 1;
  movers.add(kernel);
  return {
    kind: 'convolution',
    name,
    inputs: [input],
    kernel,
    kernelShape: [1, 1, channels, outputs],
    strides: [1, 1],
    dilations: [1, 1],
    padding: noPadding,
    groups: 1,
    activation: 'linear',
  };
}

/** True for a convolution of {@link channelPadding}: no arithmetic, so it has no cost. */
export function isSelection(node: GraphNode): node is ConvolutionNode {
  return node.kind === 'convolution' && node.bias === undefined && movers.has(node.kernel);
}
