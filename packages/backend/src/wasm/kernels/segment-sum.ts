import { util } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/** Sums rows that share an id: the gradient of a gather. Rows whose id is out of range are dropped. */
export const unsortedSegmentSum: Kernel = {
  name: 'UnsortedSegmentSum',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    const ids = input(inputs, 'segmentIds');
    const segments = attributes.numSegments as number;
    if ((x.dtype !== 'float32' && x.dtype !== 'int32') || ids.shape.length !== 1) return undefined;
    const row = x.shape.slice(1);
    const width = util.sizeFromShape(row);
    const sum = heap.output([segments, ...row], x.dtype);
    const target = heap.address(sum);
    heap.kernels.clear(target, segments * width * 4);
    const add = x.dtype === 'int32' ? heap.kernels.segmentSumInt : heap.kernels.segmentSum;
    add(heap.address(x), heap.address(ids), target, x.shape[0] ?? 0, width, segments);
    return sum;
  },
};
