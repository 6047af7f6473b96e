import { countNonzeros } from '../../graph/cost/count-nonzeros.js';
import type { ConvolutionSpec } from '../convolution/spec.js';

/** Fraction of weights that are not 0 below which it is faster to leave zeros out: here they take part. */
const LEAST_DENSITY = 0.5;

/** Whether a convolution has one window for each channel, most of whose weights are not 0. */
export function suitsDepthwise({ kernel, kernelShape, groups }: ConvolutionSpec): boolean {
  const [height, width, inputs, outputs] = kernelShape;
  return (
    inputs === 1 &&
    groups === outputs &&
    groups > 1 &&
    height * width > 1 &&
    countNonzeros(kernel) >= LEAST_DENSITY * kernel.length
  );
}
