import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Heap } from '../module/heap.js';
import { input, type Kernel } from './kernel.js';

/** A sum over no entries. TensorFlow.js' own leaves the output as it was. */
function nothing(heap: Heap, x: TensorInfo, axes: number[], keepDims: boolean): TensorInfo {
  const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
  const out = heap.output(shape, x.dtype);
  heap.values(out).fill(0);
  return out;
}

/**
 * Sums over leading axes, as in the gradient of a bias. TensorFlow.js' own transposes the data first; it keeps all
 * other sums.
 */
export const sum: Kernel = {
  name: 'Sum',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    const axes = util.parseAxisParam(attributes.axis as number | number[], x.shape);
    if (util.sizeFromShape(x.shape) === 0) return nothing(heap, x, axes, attributes.keepDims === true);
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
