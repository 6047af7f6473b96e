import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { BOUNDED_RELU } from '../../activations/bounded-relu.js';
import { LIMIT_GRADIENT, type Limits } from '../../activations/limit-gradient.js';
import { RELU_GRADIENT } from '../../activations/relu-gradient.js';
import type { Heap } from '../module/heap.js';
import { input, type Kernel } from './kernel.js';

/** dy where x is positive, else 0. */
export const reluGradient: Kernel = {
  name: RELU_GRADIENT,
  run: (heap, inputs) =>
    between(heap, input(inputs, 'x'), input(inputs, 'dy'), {
      low: 0,
      high: Number.POSITIVE_INFINITY,
      closed: false,
      cut: false,
    }),
};

/** dy where x lies between two limits, else 0. */
export const limitGradient: Kernel = {
  name: LIMIT_GRADIENT,
  run: (heap, inputs, attributes) =>
    between(heap, input(inputs, 'x'), input(inputs, 'dy'), attributes as unknown as Limits),
};

/** x where it is positive, at most a limit, else 0. */
export const boundedRelu: Kernel = {
  name: BOUNDED_RELU,
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    const y = heap.output(x.shape);
    heap.kernels.rectify(heap.address(x), heap.address(y), util.sizeFromShape(x.shape), attributes.high as number);
    return y;
  },
};

function between(heap: Heap, x: TensorInfo, dy: TensorInfo, { low, high, closed, cut }: Limits): TensorInfo {
  const dx = heap.output(x.shape);
  const count = util.sizeFromShape(x.shape);
  heap.kernels.passBetween(heap.address(x), heap.address(dy), heap.address(dx), count, low, high, closed, cut);
  return dx;
}
