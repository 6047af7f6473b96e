import { activate, before } from '../activation.js';
import { type LayerCall, type LayerWriter, perAxis, refuse, requireChannelsLast, type Weight } from '../layer-call.js';
import { padsOf, transposedPads } from '../padding.js';
import { permuted } from '../permute.js';
import { spaceOf, type Value } from '../value.js';

/** What of a convolution goes into one node. */
interface Step {
  readonly name: string;
  readonly input: Value;
  readonly shape: readonly number[];
  readonly kernel: string;
  readonly bias: string | undefined;
  readonly window: { readonly kernel: number[]; readonly strides: number[]; readonly dilations: number[] };
  readonly padding: unknown;
  readonly groups: number;
}

function emitStep({ graph }: LayerCall, step: Step): Value {
  const { name, shape, bias, window, padding, groups, kernel } = step;
  const input = graph.first(step.input);
  const inputs = [input.name, kernel, ...(bias === undefined ? [] : [bias])];
  const output = graph.emit('Conv', name, inputs, {
    kernel_shape: { integers: window.kernel },
    strides: { integers: window.strides },
    dilations: { integers: window.dilations },
    pads: { integers: padsOf(spaceOf(input), { ...window, padding }) },
    group: { integer: groups },
  });
  return { name: output, shape, order: 'first' };
}

/** The kernel `[…window, inputs, outputs]` as `[outputs, inputs, …window]`. */
function kernelOf({ graph, name }: LayerCall, { key, shape, values }: Weight, part = 'kernel'): string {
  const axes = shape.length - 2;
  const perm = [axes + 1, axes, ...Array.from({ length: axes }, (_, axis) => axis)];
  const turned = perm.map(axis => shape[axis] as number);
  return graph.constant(key, `${name}/${part}`, turned, () => permuted(values, shape, perm));
}

/** The kernel `[…window, channels, multiplier]` as `[channels · multiplier, 1, …window]`. */
function depthwiseKernel({ graph, name }: LayerCall, { key, shape, values }: Weight): string {
  const [height = 1, width = 1, channels = 1, multiplier = 1] = shape;
  const stored = [channels * multiplier, 1, height, width];
  return graph.constant(key, `${name}/depthwise_kernel`, stored, () => permuted(values, shape, [2, 3, 0, 1]));
}

function biasOf({ graph, name, config, weight }: LayerCall): string | undefined {
  if (config.useBias === false) return undefined;
  const { key, shape, values } = weight('bias');
  return graph.constant(key, `${name}/bias`, shape, () => values);
}

function windowOf({ config }: LayerCall, axes: number): Step['window'] {
  const [kernel, strides, dilations] = [config.kernelSize, config.strides ?? 1, config.dilationRate ?? 1].map(option =>
    perAxis(option, axes),
  ) as [number[], number[], number[]];
  return { kernel, strides, dilations };
}

const convolution =
  (axes: number): LayerWriter =>
  call => {
    const { config, graph, input, shape } = call;
    requireChannelsLast(config);
    const result = emitStep(call, {
      name: before(call.name, config.activation),
      input,
      shape,
      kernel: kernelOf(call, call.weight('kernel')),
      bias: biasOf(call),
      window: windowOf(call, axes),
      padding: config.padding,
      groups: 1,
    });
    return activate(graph, call.name, result, config.activation);
  };

const depthwise: LayerWriter = call => {
  const { config, graph, input, shape, weight } = call;
  requireChannelsLast(config);
  const window = windowOf(call, 2);
  if (window.dilations.some(dilation => dilation !== 1)) refuse('dilation, which TensorFlow.js ignores');
  const result = emitStep(call, {
    name: before(call.name, config.activation),
    input,
    shape,
    kernel: depthwiseKernel(call, weight('depthwise_kernel')),
    bias: biasOf(call),
    window,
    padding: config.padding,
    groups: input.shape.at(-1) as number,
  });
  return activate(graph, call.name, result, config.activation);
};

/** A depthwise convolution, and a pointwise one with the bias. */
const separable: LayerWriter = call => {
  const { config, graph, input, shape, weight } = call;
  requireChannelsLast(config);
  const depthwiseWeight = weight('depthwise_kernel');
  const [, , channels = 1, multiplier = 1] = depthwiseWeight.shape;
  const spatial = emitStep(call, {
    name: `${call.name}/depthwise`,
    input,
    shape: [...shape.slice(0, -1), channels * multiplier],
    kernel: depthwiseKernel(call, depthwiseWeight),
    bias: undefined,
    window: windowOf(call, 2),
    padding: config.padding,
    groups: channels,
  });
  const result = emitStep(call, {
    name: before(call.name, config.activation),
    input: spatial,
    shape,
    kernel: kernelOf(call, weight('pointwise_kernel'), 'pointwise_kernel'),
    bias: biasOf(call),
    window: { kernel: [1, 1], strides: [1, 1], dilations: [1, 1] },
    padding: 'valid',
    groups: 1,
  });
  return activate(graph, call.name, result, config.activation);
};

/** The kernel `[height, width, outputs, inputs]` is ONNX's `[inputs, outputs, height, width]`. */
const transposed: LayerWriter = call => {
  const { config, graph, shape, weight } = call;
  requireChannelsLast(config);
  const { kernel, strides, dilations } = windowOf(call, 2);
  if (dilations.some(dilation => dilation !== 1)) refuse('dilation, which TensorFlow.js ignores');
  const { pads, outputPadding } = transposedPads({ kernel, strides, dilations, padding: config.padding });
  const input = graph.first(call.input);
  const bias = biasOf(call);
  const inputs = [input.name, kernelOf(call, weight('kernel')), ...(bias === undefined ? [] : [bias])];
  const output = graph.emit('ConvTranspose', before(call.name, config.activation), inputs, {
    kernel_shape: { integers: kernel },
    strides: { integers: strides },
    pads: { integers: pads },
    output_padding: { integers: outputPadding },
  });
  return activate(graph, call.name, { name: output, shape, order: 'first' }, config.activation);
};

/** Writers of convolutions. */
export const convolutions: Readonly<Record<string, LayerWriter>> = {
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  Conv2DTranspose: transposed,
};
