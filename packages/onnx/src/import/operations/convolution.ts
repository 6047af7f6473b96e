import { permuted } from '../../export/permute.js';
import type { Constant, Value } from '../entry.js';
import { channelsLast } from '../entry.js';
import type { Weight } from '../layer-list.js';
import { type NodeCall, type Operation, refuse } from '../node-call.js';
import { bordered, paddingWord, spaceAfter, windowOf } from '../window.js';
import { grouped } from './grouped-convolution.js';

export const floatsOf = ({ values }: Constant): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);

function biasOf(call: NodeCall, outputs: number): { use_bias: boolean; weights: Record<string, Weight> } {
  const bias = call.optional(2);
  if (!bias) return { use_bias: false, weights: {} };
  if (bias.values.length !== outputs) return refuse(`${bias.values.length} biases for ${outputs} outputs`);
  return { use_bias: true, weights: { bias: { shape: [outputs], values: floatsOf(bias) } } };
}

/** An image or sequence with the channels last, and its sides. */
function imageOf(call: NodeCall): { image: Value; channels: number; space: number[] } {
  const value = call.value();
  const [channels = 0, ...space] = value.shape;
  if (space.length !== 1 && space.length !== 2) return refuse(`an input of ${value.shape.length + 1} axes`);
  return { image: call.list.image(value), channels, space };
}

export const convolution: Operation = call => {
  const groups = call.integer('group', 1);
  const { channels, space } = imageOf(call);
  const [outputs = 0, perGroup = 0] = call.constant(1).shape;
  const isDepthwise = perGroup === 1 && groups === channels && outputs % channels === 0 && space.length === 2;
  if (groups === 1 || isDepthwise) return convolved(call, groups);
  return grouped(call, { groups, channels, outputs, perGroup }, part => convolved(part, 1));
};

function convolved(call: NodeCall, groups: number): Value {
  const { list, name } = call;
  const { image, channels, space } = imageOf(call);
  const weight = call.constant(1);
  const [outputs = 0, perGroup = 0, ...kernel] = weight.shape;
  const window = windowOf(call, space, kernel);
  const [axes, rank] = [kernel.length, kernel.length + 2];
  const isDepthwise = groups > 1;
  if (perGroup * groups !== channels) return refuse(`a kernel of ${perGroup * groups} channels for ${channels}`);
  const dilates = window.dilations.some(side => side !== 1);
  if (dilates && window.strides.some(side => side !== 1)) return refuse('strides and dilations together');
  if (dilates && isDepthwise) return refuse('dilations of a convolution of each channel');
  const word = paddingWord(space, window);
  const input = word ? image : bordered(call, image, window.pads, `${name}_pad`);
  const { use_bias, weights } = biasOf(call, outputs);
  const config = {
    kernel_size: [...kernel],
    strides: [...window.strides],
    padding: word ?? 'valid',
    use_bias,
    ...(isDepthwise
      ? { depth_multiplier: outputs / channels }
      : { filters: outputs, dilation_rate: [...window.dilations] }),
  };
  // From [outputs, channels, …window] to [window, channels, outputs], or [window, channels, multiplier].
  const windowAxes = kernel.map((_, axis) => axis + 2);
  const perm = isDepthwise ? [...windowAxes, 0, 1] : [...windowAxes, 1, 0];
  const shape = isDepthwise ? [...kernel, channels, outputs / channels] : [...kernel, channels, outputs];
  const values = permuted(floatsOf(weight), weight.shape, perm);
  return list.add({
    className: isDepthwise ? 'DepthwiseConv2D' : `Conv${axes}D`,
    name,
    config,
    weights: { [isDepthwise ? 'depthwise_kernel' : 'kernel']: { shape, values }, ...weights },
    inputs: [input],
    shape: [outputs, ...spaceAfter(space, window)],
    perm: channelsLast(rank - 1),
  });
}

/** TensorFlow.js gives all places or those of `same`; fewer are cut off from all. */
export const transposedConvolution: Operation = call => {
  const { list, name } = call;
  const { image, channels, space } = imageOf(call);
  const weight = call.constant(1);
  const [inputs = 0, outputs = 0, ...kernel] = weight.shape;
  const { strides, dilations, pads } = windowOf(call, space, kernel);
  if (kernel.length !== 2) return refuse(`a kernel of ${kernel.length} axes`);
  if (call.integer('group', 1) !== 1 || inputs !== channels) return refuse(`group ${call.integer('group', 1)}`);
  if (dilations.some(side => side !== 1)) return refuse('dilations');
  if (call.integers('output_shape') || !['NOTSET', '', 'VALID'].includes(call.text('auto_pad', 'NOTSET')))
    return refuse('output_shape or auto_pad');
  const extra = call.integers('output_padding') ?? [0, 0];
  const spare = kernel.map((side, axis) => side - (strides[axis] as number));
  // Places that TensorFlow.js gives beyond all that the kernel reaches, if strides are longer than it.
  const added = spare.map(side => Math.max(-side, 0));
  const cut = pads.map(
    ([before, after], axis) => [before, after + (added[axis] as number) - (extra[axis] as number)] as const,
  );
  if (cut.some(([, after]) => after < 0)) return refuse('output_padding beyond what the kernel reaches');
  const half = spare.map(side => Math.max(side, 0));
  const isSame = cut.every(([before, after], axis) => {
    const total = half[axis] as number;
    return before === Math.floor(total / 2) && after === Math.ceil(total / 2);
  });
  const { use_bias, weights } = biasOf(call, outputs);
  const full = space.map((size, axis) => size * (strides[axis] as number) + (isSame ? 0 : (half[axis] as number)));
  const values = permuted(floatsOf(weight), weight.shape, [2, 3, 1, 0]);
  const result = list.add({
    className: 'Conv2DTranspose',
    name,
    config: {
      filters: outputs,
      kernel_size: [...kernel],
      strides: [...strides],
      padding: isSame ? 'same' : 'valid',
      use_bias,
    },
    weights: { kernel: { shape: [...kernel, outputs, inputs], values }, ...weights },
    inputs: [image],
    shape: [outputs, ...full],
    perm: channelsLast(3),
  });
  if (isSame) return result;
  return bordered(
    call,
    result,
    cut.map(([before, after]) => [-before, -after] as const),
    `${name}_crop`,
  );
};
