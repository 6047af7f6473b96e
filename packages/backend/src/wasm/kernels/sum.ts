import { backend_util, type NamedAttrMap, type TensorInfo, util } from '@tensorflow/tfjs-core';
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

/** Axes that are summed over, beside each other: before them, themselves, after them. */
export interface Block {
  readonly outer: number;
  readonly reduced: number;
  readonly columns: number;
  /** Shape of the sums. */
  readonly shape: readonly number[];
}

/** Fewest numbers of one block, for which a call is worth its while. */
const FEWEST = 64;

/**
 * The axes of a reduction as a {@link Block}; undefined where they are not one, or where the last axis is among them.
 */
export function blockOf(x: TensorInfo, attributes: NamedAttrMap): Block | undefined {
  const axes = util.parseAxisParam(attributes.axis as number | number[], x.shape).sort((a, b) => a - b);
  const [first = 0, count] = [axes[0], axes.length];
  const together = axes.every((axis, i) => axis === first + i);
  if (x.dtype !== 'float32' || !together || count === 0 || first + count === x.shape.length) return undefined;
  const size = (from: number, to?: number): number => util.sizeFromShape(x.shape.slice(from, to));
  const [outer, reduced, columns] = [size(0, first), size(first, first + count), size(first + count)];
  if (outer > 1 && reduced * columns < FEWEST) return undefined;
  const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = attributes.keepDims === true ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
  return { outer, reduced, columns, shape };
}

/** The sums over a {@link Block}. */
export function sumBlocks(heap: Heap, x: TensorInfo, { outer, reduced, columns, shape }: Block): TensorInfo {
  const out = heap.output(shape);
  const [from, to, sums] = [heap.address(x), heap.address(out), heap.scratch(2 * columns)];
  for (let i = 0; i < outer; i++) {
    heap.kernels.columnSums(from + i * reduced * columns * 4, reduced, columns, to + i * columns * 4, sums);
  }
  return out;
}

/**
 * Sums over axes other than the last, as in the gradient of a bias or of a factor for each channel of an image.
 * TensorFlow.js' own transposes the data first; it keeps all other sums.
 */
export const sum: Kernel = {
  name: 'Sum',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    if (util.sizeFromShape(x.shape) === 0) {
      const axes = util.parseAxisParam(attributes.axis as number | number[], x.shape);
      return nothing(heap, x, axes, attributes.keepDims === true);
    }
    const block = blockOf(x, attributes);
    return block && sumBlocks(heap, x, block);
  },
};
