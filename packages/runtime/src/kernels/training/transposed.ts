import type { ImageShape } from '../../engine/tensor.js';
import type { ConvolutionSpec } from '../convolution/spec.js';

/** The convolution that takes the gradient with respect to the output to the gradient with respect to the input. */
export interface Transposed {
  /** Has stride 1: the gradient with respect to the output of a strided convolution must be spread first. */
  readonly spec: ConvolutionSpec;
  /** Index in the original kernel of every weight of the new one. */
  readonly indices: Int32Array;
}

/**
 * Kernel with its taps in reverse and its inputs and outputs exchanged, and padding that gives an image of shape
 * `input`.
 */
export function transposed(original: ConvolutionSpec, input: ImageShape): Transposed {
  const { kernel, kernelShape, strides, dilations, padding, groups } = original;
  const [height, width, inputs, outputs] = kernelShape;
  const outputsOfGroup = outputs / groups;
  const channels = inputs * groups;
  const indices = new Int32Array(kernel.length);
  let at = 0;
  for (let tap = height * width - 1; tap >= 0; tap--) {
    for (let m = 0; m < outputsOfGroup; m++) {
      for (let c = 0; c < channels; c++) {
        const group = Math.floor(c / inputs);
        indices[at++] = (tap * inputs + (c - group * inputs)) * outputs + group * outputsOfGroup + m;
      }
    }
  }
  const margins = (axis: 0 | 1, size: number, before: number, after: number): readonly [number, number] => {
    const reach = (kernelShape[axis] - 1) * dilations[axis];
    const result = Math.floor((size + before + after - reach - 1) / strides[axis]) * strides[axis] + 1;
    return [reach - before, size - result + before];
  };
  const [top, bottom] = margins(0, input.height, padding.top, padding.bottom);
  const [left, right] = margins(1, input.width, padding.left, padding.right);
  const spec: ConvolutionSpec = {
    kernel: Float32Array.from(indices, index => kernel[index] as number),
    kernelShape: [height, width, outputsOfGroup, channels],
    strides: [1, 1],
    dilations,
    padding: { top, bottom, left, right },
    groups,
    activation: 'linear',
  };
  return { spec, indices };
}
