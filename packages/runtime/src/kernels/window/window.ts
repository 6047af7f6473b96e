import type { Padding } from '../../graph/graph.js';

/** How a window moves over an image: what convolutions and pools have in common. */
export interface Window {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: Padding;
}

/**
 * What an axis of the window needs: output index `o` and tap `k` meet at the input index
 * `o * stride + k * dilation - pad`.
 */
export interface Axis {
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: number;
}

/** Input positions are `stride * index + phase`; a tap stays on one phase, `shift` places further on. */
export interface Tap {
  readonly phase: number;
  readonly shift: number;
}

/** Rows and columns of a window. */
export function axesOf({ size, strides, dilations, padding }: Window): readonly [Axis, Axis] {
  return [
    { taps: size[0], stride: strides[0], dilation: dilations[0], pad: padding.top },
    { taps: size[1], stride: strides[1], dilation: dilations[1], pad: padding.left },
  ];
}

/** Every tap of an axis. */
export function tapsOf({ taps, stride, dilation, pad }: Axis): readonly Tap[] {
  return Array.from({ length: taps }, (_, k) => {
    const position = k * dilation - pad;
    const shift = Math.floor(position / stride);
    return { phase: position - shift * stride, shift };
  });
}

/** Places along a phase that its taps read: the `shift`s of the first and the last. */
export interface Reach {
  readonly phase: number;
  readonly first: number;
  readonly last: number;
}

/** The phases that are read at all. */
export function reachesOf(taps: readonly Tap[]): readonly Reach[] {
  return [...new Set(taps.map(tap => tap.phase))].map(phase => {
    const shifts = taps.filter(tap => tap.phase === phase).map(tap => tap.shift);
    return { phase, first: Math.min(...shifts), last: Math.max(...shifts) };
  });
}

/** Whether the window is one pixel that visits every pixel, so that the input can be read where it is. */
export function isPointwise({ size, strides, padding }: Window): boolean {
  const unpadded = padding.top === 0 && padding.bottom === 0 && padding.left === 0 && padding.right === 0;
  return size[0] === 1 && size[1] === 1 && strides[0] === 1 && strides[1] === 1 && unpadded;
}
