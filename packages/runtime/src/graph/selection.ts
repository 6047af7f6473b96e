import type { ConvolutionNode, GraphNode } from './graph.js';
import type { SpecOf } from './node-spec.js';
import { noPadding } from './padding.js';

/**
 * A convolution of 1x1 that puts channel `c` of its input at `before + c` and fills the others with zeros: how the shortcut
 * without parameters of a residual network gets its new channels.
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

/** True for a convolution that only moves channels: no arithmetic, so it has no cost. */
export function isSelection(node: GraphNode): node is ConvolutionNode {
  if (node.kind !== 'convolution' || node.groups !== 1 || node.bias !== undefined) return false;
  const [height, width, , outputs] = node.kernelShape;
  if (height !== 1 || width !== 1) return false;
  const used = new Uint8Array(outputs);
  return node.kernel.every((weight, index) => {
    if (weight === 0) return true;
    const output = index % outputs;
    const first = used[output] === 0;
    used[output] = 1;
    return first && weight === 1;
  });
}
