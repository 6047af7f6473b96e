/** How one axis of dx splits by stride: pixels `first, first + stride, …` see the same taps of the filter. */
export interface Phase {
  /** First pixel of dx. */
  readonly first: number;
  /** Number of pixels of dx. */
  readonly count: number;
  /** The last tap that these pixels see, and how many: taps `last, last - stride, …`. */
  readonly last: number;
  readonly taps: number;
  /** Where pixel `first` begins to read dy; negative in the padding. */
  readonly start: number;
}

/**
 * The phases of one axis, none without pixels; a phase may have no taps, then its gradient is 0. Taps are `dilation`
 * pixels apart, which may be more than 1 at a stride of 1 only.
 */
export function phases(size: number, filter: number, stride: number, pad: number, dilation = 1): readonly Phase[] {
  return Array.from({ length: Math.min(stride, size) }, (_, first) => {
    const lowest = (first + pad) % stride;
    const taps = Math.max(0, Math.ceil((filter - lowest) / stride));
    const last = lowest + Math.max(0, taps - 1) * stride;
    const start = taps === 0 ? 0 : (first + pad - last * dilation) / stride;
    return { first, count: Math.ceil((size - first) / stride), last: taps === 0 ? 0 : last, taps, start };
  });
}
