import { backend_util, util } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/** What a reduction over nothing gives, as in TensorFlow. TensorFlow.js' own kernels leave the output as it was. */
const NEUTRAL: Readonly<Record<string, number>> = {
  All: 1,
  Any: 0,
  Max: Number.NEGATIVE_INFINITY,
  Min: Number.POSITIVE_INFINITY,
  Prod: 1,
};

/** Reductions of tensors without entries; all others stay TensorFlow.js' own. */
export const emptyReductions: readonly Kernel[] = Object.entries(NEUTRAL).map(([name, value]) =>
  emptyReduction(name, value),
);

/** A reduction that gives `value` for nothing. */
export function emptyReduction(name: string, value: number): Kernel {
  return {
    name,
    run(heap, inputs, attributes) {
      const x = input(inputs, 'x');
      if (util.sizeFromShape(x.shape) > 0) return undefined;
      const { axis, reductionIndices, keepDims } = attributes as {
        axis?: number | number[];
        reductionIndices?: number | number[];
        keepDims?: boolean;
      };
      const axes = util.parseAxisParam(axis ?? reductionIndices ?? x.shape.map((_, i) => i), x.shape);
      const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      const shape = keepDims === true ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
      const out = heap.output(shape, name === 'Mean' ? 'float32' : x.dtype);
      heap.values(out).fill(value);
      return out;
    },
  };
}
