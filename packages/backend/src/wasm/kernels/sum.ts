import { backend_util, util } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/**
 * Sums over leading axes, as in the gradient of a bias. TensorFlow.js' own transposes the data first; it keeps all
 * other sums.
 */
export const sum: Kernel = {
  name: 'Sum',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    const axes = util.parseAxisParam(attributes.axis as number | number[], x.shape);
    const leading = [...axes].sort((a, b) => a - b).every((axis, i) => axis === i);
    if (x.dtype !== 'float32' || !leading || axes.length === 0 || axes.length === x.shape.length) return undefined;
    const [outShape, reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const columns = util.sizeFromShape(outShape);
    const out = heap.output(
      attributes.keepDims === true ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape,
    );
    heap.kernels.columnSums(
      heap.address(x),
      util.sizeFromShape(reduced),
      columns,
      heap.address(out),
      heap.scratch(2 * columns),
    );
    return out;
  },
};
