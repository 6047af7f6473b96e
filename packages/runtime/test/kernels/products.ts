import type { ImageShape } from '../../src/engine/tensor.js';
import type { ConvolutionSpec } from '../../src/kernels/convolution/spec.js';
import { outputSize } from './reference-convolution.js';

/** Calls back with the indices of every weight, input value and output value that meet. */
export function eachProduct(
  { height, width, channels }: ImageShape,
  spec: ConvolutionSpec,
  found: (weight: number, from: number, to: number) => void,
): void {
  const { kernelShape, strides, dilations, padding, groups } = spec;
  const [kh, kw, depth, outputs] = kernelShape;
  const shape = outputSize({ height, width, channels }, spec);
  for (let y = 0; y < shape.height; y++) {
    for (let x = 0; x < shape.width; x++) {
      for (let weight = 0; weight < kh * kw * depth * outputs; weight++) {
        const m = weight % outputs;
        const k = Math.floor(weight / outputs) % depth;
        const tap = Math.floor(weight / outputs / depth);
        const iy = y * strides[0] + Math.floor(tap / kw) * dilations[0] - padding.top;
        const ix = x * strides[1] + (tap % kw) * dilations[1] - padding.left;
        if (iy < 0 || ix < 0 || iy >= height || ix >= width) continue;
        const channel = Math.floor(m / (outputs / groups)) * depth + k;
        found(weight, (iy * width + ix) * channels + channel, (y * shape.width + x) * outputs + m);
      }
    }
  }
}
