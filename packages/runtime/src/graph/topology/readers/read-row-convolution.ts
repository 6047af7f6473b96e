import type { StoredTensor } from '@espalier/core';
import { noPadding } from '../../padding.js';
import { asOne, malformed } from '../fields.js';
import { type LayerCall, rowInput, type Value } from '../layer-call.js';
import { biasOf, kernelOf, requireSizes } from '../weights.js';
import { withActivation } from './activation.js';
import { paddingOf } from './padding-of.js';
import { groupsOf, type Parameters } from './read-convolution.js';

/** `Conv1D`: a convolution of an image of one row. */
export function readRowConvolution(call: LayerCall): Value {
  const { name: input } = rowInput(call);
  const { shape, values } = kernelOf(call, 'kernel', 3);
  const [length, channels, filters] = shape as [number, number, number];
  requireSizes(call, { kernel_size: [length], filters: [filters] });
  return convolution(call, input, {
    kernel: values,
    kernelShape: [1, length, channels, filters],
    ...biasOf(call, filters),
    ...windowOf(call, length),
    groups: groupsOf(call),
  });
}

/** `DepthwiseConv1D` of Keras. */
export function readRowDepthwise(call: LayerCall): Value {
  const { name: input, shape } = rowInput(call);
  const parameters = depthwise(call, shape[2]);
  return convolution(call, input, { ...parameters, ...biasOf(call, parameters.kernelShape[3]) });
}

/** `SeparableConv1D` of Keras: depthwise without bias, then pointwise. */
export function readRowSeparable(call: LayerCall): Value {
  const { name: input, shape } = rowInput(call);
  const name = call.builder.freeName(`${call.name}/depthwise`);
  const parameters = depthwise(call, shape[2]);
  const pointwise: StoredTensor = kernelOf(call, 'pointwise_kernel', 3);
  const [length, channels, filters] = pointwise.shape as [number, number, number];
  requireSizes(call, { filters: [filters] });
  if (length !== 1) malformed(`The pointwise kernel of layer "${call.layer}" is ${length} long, not 1.`);
  const inner = call.builder.add({ kind: 'convolution', name, inputs: [input], ...parameters, activation: 'linear' });
  return convolution(call, inner, {
    kernel: pointwise.values,
    kernelShape: [1, 1, channels, filters],
    ...biasOf(call, filters),
    strides: [1, 1],
    dilations: [1, 1],
    padding: noPadding,
    groups: 1,
  });
}

function depthwise(call: LayerCall, inputs: number): Omit<Parameters, 'bias'> {
  const { shape, values } = kernelOf(call, 'depthwise_kernel', 3);
  const [length, channels, multiplier] = shape as [number, number, number];
  requireSizes(call, { kernel_size: [length], depth_multiplier: [multiplier] });
  if (channels !== inputs)
    malformed(`The depthwise kernel of layer "${call.layer}" has ${channels} channels, but its input has ${inputs}.`);
  return {
    kernel: values,
    kernelShape: [1, length, 1, channels * multiplier],
    ...windowOf(call, length),
    groups: channels,
  };
}

function windowOf(call: LayerCall, length: number): Pick<Parameters, 'strides' | 'dilations' | 'padding'> {
  const strides = [1, asOne(call.config.strides ?? 1, `strides of layer "${call.layer}"`)] as const;
  const dilations = [1, asOne(call.config.dilation_rate ?? 1, `dilation_rate of layer "${call.layer}"`)] as const;
  const padding = paddingOf(call, rowInput(call).shape, [1, length], strides, dilations);
  return { strides, dilations, padding };
}

function convolution(call: LayerCall, input: string, parameters: Parameters): Value {
  const node = withActivation(call, (name, activation) =>
    call.builder.add({ kind: 'convolution', name, inputs: [input], ...parameters, activation }),
  );
  return { node, view: 'row' };
}
