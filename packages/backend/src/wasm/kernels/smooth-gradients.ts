import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { LEAKY_RELU_GRADIENT, SIGMOID_GRADIENT, SWISH_GRADIENT } from '../../activations/smooth-gradients.js';
import { input, type Kernel } from './kernel.js';

/** The gradients of activations that have a slope everywhere. */
export const smoothGradients: readonly Kernel[] = [
  {
    name: SIGMOID_GRADIENT,
    run(heap, inputs) {
      const [y, dy] = [input(inputs, 'y'), input(inputs, 'dy')];
      const dx = heap.output(y.shape);
      heap.kernels.sigmoidGradient(heap.address(y), heap.address(dy), heap.address(dx), sizeOf(y));
      return dx;
    },
  },
  {
    name: SWISH_GRADIENT,
    run(heap, inputs) {
      const [x, s, dy] = [input(inputs, 'x'), input(inputs, 's'), input(inputs, 'dy')];
      const dx = heap.output(x.shape);
      heap.kernels.swishGradient(heap.address(x), heap.address(s), heap.address(dy), heap.address(dx), sizeOf(x));
      return dx;
    },
  },
  {
    name: LEAKY_RELU_GRADIENT,
    run(heap, inputs, { alpha }) {
      const [x, dy] = [input(inputs, 'x'), input(inputs, 'dy')];
      const dx = heap.output(x.shape);
      heap.kernels.slopeGradient(heap.address(x), heap.address(dy), heap.address(dx), sizeOf(x), alpha as number);
      return dx;
    },
  },
];

const sizeOf = ({ shape }: TensorInfo): number => util.sizeFromShape(shape);
