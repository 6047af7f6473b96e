/** How pixels between pixels are made: `'bilinear'` (triangle filter) or `'bicubic'` (Keys, a = −1/2). */
export type Interpolation = 'bilinear' | 'bicubic';

interface Filter {
  /** Input pixels on each side that count when nothing is made smaller. */
  readonly support: number;
  weight(distance: number): number;
}

const filters: Readonly<Record<Interpolation, Filter>> = {
  bilinear: { support: 1, weight: distance => Math.max(0, 1 - Math.abs(distance)) },
  bicubic: {
    support: 2,
    weight: distance => {
      const a = -0.5;
      const x = Math.abs(distance);
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    },
  },
};

/** Bits after the point of the weights: 32, less 8 for a byte and 2 for the sign and what bicubic overshoots. */
export const weightBits = 22;

/** For some neighboring output pixels of one axis, which input pixels are added up, and with which weights. */
export interface ResamplingWeights {
  /** First input pixel of each output pixel. */
  readonly starts: Int32Array;
  /** Number of input pixels of each output pixel. */
  readonly counts: Int32Array;
  /** Fixed-point weights, `stride` for each output pixel. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/**
 * The weights of Pillow's `Image.resize`: the filter is as wide as one output pixel where that is larger than an input
 * pixel, is cut at the border, and its weights sum to 1.
 *
 * Only for output pixels `first` … `first + length − 1` of the `to` there are, so that an absurdly long image costs
 * nothing.
 */
export function resamplingWeights(
  from: number,
  to: number,
  interpolation: Interpolation,
  first = 0,
  length: number = to,
): ResamplingWeights {
  const filter = filters[interpolation];
  const scale = from / to;
  const width = Math.max(1, scale);
  const support = filter.support * width;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(length);
  const counts = new Int32Array(length);
  const weights = new Int32Array(length * stride);
  const row = new Float64Array(stride);
  for (let i = 0; i < length; i++) {
    const center = (first + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(from, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      row[k] = filter.weight((start + k - center + 0.5) / width);
      sum += row[k]!;
    }
    for (let k = 0; k < count; k++) weights[i * stride + k] = fixedPoint(row[k]! / sum);
    starts[i] = start;
    counts[i] = count;
  }
  return { starts, counts, weights, stride };
}

/** Rounds half away from zero. */
const fixedPoint = (weight: number): number => Math.trunc(weight * 2 ** weightBits + (weight < 0 ? -0.5 : 0.5));
