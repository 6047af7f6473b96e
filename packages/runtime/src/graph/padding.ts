import type { Padding } from './graph.js';

/** No padding. */
export const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

/** True if nothing is added on any side. */
export function isNone({ top, bottom, left, right }: Padding): boolean {
  return top === 0 && bottom === 0 && left === 0 && right === 0;
}

/** Both paddings, one around the other. */
export function sumOf(inner: Padding, outer: Padding): Padding {
  return {
    top: inner.top + outer.top,
    bottom: inner.bottom + outer.bottom,
    left: inner.left + outer.left,
    right: inner.right + outer.right,
  };
}

/** Places that a window covers, holes of the dilation included. */
export function extentOf(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}

/** How often a window fits: `floor((size - extent) / stride) + 1`, at most 0 if it does not fit. */
export function outputSize(size: number, extent: number, stride: number): number {
  return Math.floor((size - extent) / stride) + 1;
}

/**
 * TensorFlow's `same`: as much padding as makes the output `ceil(size / stride)` long, the odd place after the image.
 *
 * @see {@link https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2}
 */
export function samePadding(
  size: readonly [number, number],
  window: readonly [number, number],
  strides: readonly [number, number],
  dilations: readonly [number, number] = [1, 1],
): Padding {
  const [top, bottom] = sameAlong(size[0], extentOf(window[0], dilations[0]), strides[0]);
  const [left, right] = sameAlong(size[1], extentOf(window[1], dilations[1]), strides[1]);
  return { top, bottom, left, right };
}

function sameAlong(size: number, extent: number, stride: number): [number, number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + extent - size, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}
