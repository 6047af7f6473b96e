import type { Layer, Shape } from './network-of.js';

/** Layers that use every entry of their kernels once at each position of their output. */
const byOutput = new Set(['Conv1D', 'Conv2D', 'Conv3D', 'DepthwiseConv2D', 'SeparableConv2D']);
/** Layers that use every entry of their kernel once at each position of their input. */
const byInput = new Set(['Dense', 'Conv2DTranspose', 'Conv3DTranspose']);
/** Layers that use every entry of their kernels once in each step. */
const bySteps = new Set(['LSTM', 'GRU', 'SimpleRNN', 'RNN']);

/**
 * How often one call of a layer uses each entry of its kernels; NaN where that depends on an open size, `undefined` for
 * layers that are not known.
 */
export function positionsOf(layer: Layer, input: Shape, output: Shape): number | undefined {
  const name = layer.getClassName();
  const channelsFirst = layer.getConfig().dataFormat === 'channelsFirst';
  if (byOutput.has(name)) return places(output, channelsFirst);
  if (byInput.has(name)) return places(input, channelsFirst);
  if (bySteps.has(name)) return sizeOf(input[1]);
  if (name !== 'ConvLSTM2D') return undefined;
  // The images are the last three dimensions of what it gives, be it of each step or of the last.
  return sizeOf(input[1]) * places([null, ...output.slice(-3)], channelsFirst);
}

/**
 * Calls of the layer inside `TimeDistributed`: one for each step. A bidirectional layer calls both of its layers once.
 */
export function timesOf(layer: Layer, inputs: readonly Shape[]): number {
  return layer.getClassName() === 'TimeDistributed' ? sizeOf(inputs[0]?.[1]) : 1;
}

/** Product of all dimensions but the first, the examples, and the channels. */
function places(shape: Shape, channelsFirst: boolean): number {
  const sides = channelsFirst ? shape.slice(2) : shape.slice(1, -1);
  return sides.reduce<number>((product, side) => product * sizeOf(side), 1);
}

const sizeOf = (size: number | null | undefined): number => size ?? Number.NaN;
