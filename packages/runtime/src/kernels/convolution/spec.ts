import type { ConvolutionNode, Padding } from '../../graph/graph.js';
import type { Window } from '../window/window.js';

/** A convolution, without its place in a graph. */
export type ConvolutionSpec = Pick<
  ConvolutionNode,
  'kernel' | 'kernelShape' | 'bias' | 'strides' | 'dilations' | 'padding' | 'groups' | 'activation'
>;

/**
 * How a convolution is computed; it changes the speed, not the result, unless it is `full` and the image has NaN or
 * infinities.
 */
export interface ConvolutionVariant {
  /** Input channels whose products are summed up before the sums are stored. */
  readonly chunk: number;
  /** Tiles of a work item: they share their packed input and their weights. */
  readonly tiles: number;
  /** Ranges of output channels that are work items of their own, for images of fewer tiles than threads. */
  readonly splits: number;
  /** Whether zeros are multiplied like other weights, where that is faster: rows are then taken four at a time. */
  readonly full?: boolean;
}

/** The window of a convolution. */
export function windowOf(spec: {
  readonly kernelShape: readonly [number, number, number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: Padding;
}): Window {
  const { kernelShape, strides, dilations, padding } = spec;
  return { size: [kernelShape[0], kernelShape[1]], strides, dilations, padding };
}
