import { backend_util, util } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/** A tensor cut along an axis, as in the gradient of a concatenation. TensorFlow.js' own copies it for every part. */
export const splitV: Kernel = {
  name: 'SplitV',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    if (x.dtype !== 'float32' && x.dtype !== 'int32') return undefined;
    const { numOrSizeSplits, axis: given } = attributes as { numOrSizeSplits: number | number[]; axis: number };
    const [axis = 0] = util.parseAxisParam(given, x.shape);
    const outer = util.sizeFromShape(x.shape.slice(0, axis));
    const inner = util.sizeFromShape(x.shape.slice(axis + 1)) * 4;
    const line = (x.shape[axis] ?? 1) * inner;
    let from = heap.address(x);
    return backend_util.prepareSplitSize(x as never, numOrSizeSplits, axis).map(size => {
      const part = heap.output(
        x.shape.map((length, i) => (i === axis ? size : length)),
        x.dtype,
      );
      heap.kernels.copyBox(from, heap.address(part), 1, 1, outer, 0, 0, line, size * inner);
      from += size * inner;
      return part;
    });
  },
};
