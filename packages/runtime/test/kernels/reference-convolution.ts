import type { ImageShape } from '../../src/engine/tensor.js';
import type { Activation } from '../../src/graph/graph.js';
import type { ConvolutionSpec } from '../../src/kernels/convolution/spec.js';
import type { HostImage } from './host-image.js';

// Slow, obvious host loops that the tests hold the kernels against.

/** The activation, as TensorFlow.js applies it. */
export function activate(value: number, activation: Activation): number {
  if (activation === 'linear') return value;
  return activation === 'relu' ? Math.max(0, value) : Math.min(6, Math.max(0, value));
}

/** Height and width of what a convolution makes of an image. */
export function outputSize(
  image: ImageShape,
  spec: Pick<ConvolutionSpec, 'kernelShape' | 'strides' | 'dilations' | 'padding'>,
): ImageShape {
  const { kernelShape, strides, dilations, padding } = spec;
  const length = (size: number, pad: number, axis: 0 | 1): number =>
    Math.floor((size + pad - ((kernelShape[axis] - 1) * dilations[axis] + 1)) / strides[axis]) + 1;
  return {
    height: length(image.height, padding.top + padding.bottom, 0),
    width: length(image.width, padding.left + padding.right, 1),
    channels: kernelShape[3],
  };
}

/** Convolution with a residual, in double precision; weights of zero are skipped. */
export function referenceConvolution(image: HostImage, spec: ConvolutionSpec, residual?: HostImage): Float32Array {
  const { kernel, kernelShape, strides, dilations, padding, groups } = spec;
  const [kh, kw, depth, outputs] = kernelShape;
  const { height, width } = outputSize(image, spec);
  const result = new Float32Array(height * width * outputs);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let m = 0; m < outputs; m++) {
        let sum = (spec.bias?.[m] ?? 0) + (residual?.values[(y * width + x) * outputs + m] ?? 0);
        for (let r = 0; r < kh; r++) {
          for (let c = 0; c < kw; c++) {
            const iy = y * strides[0] + r * dilations[0] - padding.top;
            const ix = x * strides[1] + c * dilations[1] - padding.left;
            if (iy < 0 || ix < 0 || iy >= image.height || ix >= image.width) continue;
            for (let k = 0; k < depth; k++) {
              const w = kernel[((r * kw + c) * depth + k) * outputs + m] as number;
              const channel = Math.floor(m / (outputs / groups)) * depth + k;
              if (w !== 0) sum += w * (image.values[(iy * image.width + ix) * image.channels + channel] as number);
            }
          }
        }
        result[(y * width + x) * outputs + m] = activate(sum, spec.activation);
      }
    }
  }
  return result;
}
