import { backend_util } from '@tensorflow/tfjs-core';
import { convolve3dFilterGradient } from '../convolution/convolve-3d-filter-gradient.js';
import { convolve3dInputGradient } from '../convolution/convolve-3d-input-gradient.js';
import { input, type Kernel } from './kernel.js';

type Shape5 = [number, number, number, number, number];
type Attributes = { readonly strides: [number, number, number] | number; readonly pad: 'same' | 'valid' };

/**
 * The gradient of a three-dimensional convolution with respect to its input. TensorFlow.js' own adds to memory that it
 * never cleared.
 */
export const conv3DBackpropInput: Kernel = {
  name: 'Conv3DBackpropInputV2',
  run(heap, inputs, attributes) {
    const filter = input(inputs, 'filter');
    const { inputShape } = attributes as { inputShape: Shape5 };
    const { strides, pad } = attributes as unknown as Attributes;
    const info = backend_util.computeConv3DInfo(inputShape, filter.shape as Shape5, strides, 1, pad);
    const gradient = heap.output(inputShape);
    const [dy, target] = [heap.address(input(inputs, 'dy')), heap.address(gradient)];
    convolve3dInputGradient(heap, info, dy, heap.address(filter), target);
    return gradient;
  },
};

/**
 * The gradient of a three-dimensional convolution with respect to its filter. TensorFlow.js' own is wrong with a
 * stride.
 */
export const conv3DBackpropFilter: Kernel = {
  name: 'Conv3DBackpropFilterV2',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    const { filterShape } = attributes as { filterShape: Shape5 };
    const { strides, pad } = attributes as unknown as Attributes;
    const info = backend_util.computeConv3DInfo(x.shape as Shape5, filterShape, strides, 1, pad);
    const gradient = heap.output(filterShape);
    convolve3dFilterGradient(heap, info, heap.address(x), heap.address(input(inputs, 'dy')), heap.address(gradient));
    return gradient;
  },
};
