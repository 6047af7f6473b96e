import type { Activation, ConvolutionNode } from '../../graph.js';
import { noPadding } from '../../padding.js';
import { channelsOf } from '../../shape-of.js';
import { asPair, malformed } from '../fields.js';
import { imageInput, type LayerCall, onlyInput, refuse, type Value } from '../layer-call.js';
import { biasOf, kernelOf, requireSizes } from '../weights.js';
import { withActivation } from './activation.js';
import { paddingOf } from './padding-of.js';

/** `Conv2D`; on a vector that is seen as one pixel, a dense layer. */
export function readConvolution(call: LayerCall): Value {
  if (onlyInput(call).view === 'pixel' && groupsOf(call) === 1) return readPixelConvolution(call);
  const { name: input, shape } = imageInput(call);
  const kernel = kernelOf(call, 'kernel', 4);
  const kernelShape = kernel.shape as [number, number, number, number];
  const [height, width, , filters] = kernelShape;
  requireSizes(call, { kernel_size: [height, width], filters: [filters] });
  const strides = asPair(call.config.strides ?? 1, `strides of layer "${call.layer}"`);
  const dilations = asPair(call.config.dilation_rate ?? 1, `dilation_rate of layer "${call.layer}"`);
  return plainConvolution(call, input, {
    kernel: kernel.values,
    kernelShape,
    ...biasOf(call, filters),
    strides,
    dilations,
    padding: paddingOf(call, shape, [height, width], strides, dilations),
    groups: groupsOf(call),
  });
}

/** `DepthwiseConv2D`. Output channel `c * multiplier + m` is the m-th of input channel `c`. */
export function readDepthwise(call: LayerCall): Value {
  const dilations = asPair(call.config.dilation_rate ?? 1, `dilation_rate of layer "${call.layer}"`);
  if (dilations.some(rate => rate !== 1)) {
    refuse(`dilation_rate [${dilations}], which TensorFlow.js ignores and Keras does not; use Conv2D with groups`);
  }
  const { input, ...parameters } = depthwise({ ...call, config: { depth_multiplier: 1, ...call.config } }, dilations);
  return plainConvolution(call, input, { ...parameters, ...biasOf(call, parameters.kernelShape[3]) });
}

/** `SeparableConv2D`: depthwise without bias, then pointwise. */
export function readSeparable(call: LayerCall): Value {
  const dilations = asPair(call.config.dilation_rate ?? 1, `dilation_rate of layer "${call.layer}"`);
  const { input, ...parameters } = depthwise(call, dilations);
  const pointwise = kernelOf(call, 'pointwise_kernel', 4);
  const pointwiseShape = pointwise.shape as [number, number, number, number];
  const [height, width, , filters] = pointwiseShape;
  requireSizes(call, { filters: [filters] });
  if (height !== 1 || width !== 1)
    malformed(`The pointwise kernel of layer "${call.layer}" is ${height}x${width}, not 1x1.`);
  const inner = call.builder.add({
    kind: 'convolution',
    name: call.builder.freeName(`${call.name}/depthwise`),
    inputs: [input],
    ...parameters,
    activation: 'linear',
  });
  return plainConvolution(call, inner, {
    kernel: pointwise.values,
    kernelShape: pointwiseShape,
    ...biasOf(call, filters),
    strides: [1, 1],
    dilations: [1, 1],
    padding: noPadding,
    groups: 1,
  });
}

/** What a convolution is, without its place in a graph. */
export type Parameters = Pick<
  ConvolutionNode,
  'kernel' | 'kernelShape' | 'bias' | 'strides' | 'dilations' | 'padding' | 'groups'
>;

function plainConvolution(call: LayerCall, input: string, parameters: Parameters): Value {
  const node = withActivation(call, (name, activation) =>
    call.builder.add({ kind: 'convolution', name, inputs: [input], ...parameters, activation }),
  );
  return { node, view: 'plain' };
}

function depthwise(
  call: LayerCall,
  dilations: readonly [number, number],
): Omit<Parameters, 'bias'> & { input: string } {
  const { name: input, shape } = imageInput(call);
  const kernel = kernelOf(call, 'depthwise_kernel', 4);
  const [height, width, channels, multiplier] = kernel.shape as [number, number, number, number];
  requireSizes(call, { kernel_size: [height, width], depth_multiplier: [multiplier] });
  if (channels !== shape[2]) {
    malformed(`The depthwise kernel of layer "${call.layer}" has ${channels} channels, but its input has ${shape[2]}.`);
  }
  const strides = asPair(call.config.strides ?? 1, `strides of layer "${call.layer}"`);
  return {
    input,
    kernel: kernel.values,
    kernelShape: [height, width, 1, channels * multiplier],
    strides,
    dilations,
    padding: paddingOf(call, shape, [height, width], strides, dilations),
    groups: channels,
  };
}

export function groupsOf(call: LayerCall): number {
  const { groups = 1 } = call.config;
  if (Number.isSafeInteger(groups) && (groups as number) >= 1) return groups as number;
  return malformed(`The groups of layer "${call.layer}" are not a positive integer.`);
}

/** Only the tap over the pixel meets anything but padding, so the layer is dense. */
function readPixelConvolution(call: LayerCall): Value {
  const { node: input } = onlyInput(call);
  const { shape, values } = kernelOf(call, 'kernel', 4);
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  requireSizes(call, { kernel_size: [height, width], filters: [outputs] });
  const features = channelsOf(call.builder.shape(input));
  if (inputs !== features) {
    malformed(`The kernel of layer "${call.layer}" takes ${inputs} channels, but its input has ${features}.`);
  }
  const dilations = asPair(call.config.dilation_rate ?? 1, `dilation_rate of layer "${call.layer}"`);
  const { top, bottom, left, right } = paddingOf(call, [1, 1, inputs], [height, width], [1, 1], dilations);
  // Taps are as far apart as the dilation says, so of an even window all may miss the pixel.
  const misses = top % dilations[0] !== 0 || left % dilations[1] !== 0;
  const tooLarge = top + bottom < (height - 1) * dilations[0] || left + right < (width - 1) * dilations[1];
  if (misses || tooLarge) refuse('its window does not fit its input of 1x1');
  const tap = ((top / dilations[0]) * width + left / dilations[1]) * inputs * outputs;
  const kernel = values.slice(tap, tap + inputs * outputs);
  const add = (name: string, activation: Activation): string =>
    call.builder.add({ kind: 'dense', name, inputs: [input], kernel, ...biasOf(call, outputs), activation });
  return { node: withActivation(call, add), view: 'pixel' };
}
