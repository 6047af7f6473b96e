import { util } from '@tensorflow/tfjs-core';
import { RELU_GRADIENT } from '../../relu/relu-gradient.js';
import { input, type Kernel } from './kernel.js';

/** dy where x is positive, else 0. */
export const reluGradient: Kernel = {
  name: RELU_GRADIENT,
  run(heap, inputs) {
    const x = input(inputs, 'x');
    const dx = heap.output(x.shape);
    const count = util.sizeFromShape(x.shape);
    heap.kernels.reluGradient(heap.address(x), heap.address(input(inputs, 'dy')), heap.address(dx), count);
    return dx;
  },
};
