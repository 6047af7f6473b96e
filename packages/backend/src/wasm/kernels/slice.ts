import { slice_util, util } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/** A box cut out of a tensor, as in the gradient of a padding. TensorFlow.js' own copies the whole tensor first. */
export const slice: Kernel = {
  name: 'Slice',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    if (x.dtype !== 'float32' && x.dtype !== 'int32') return undefined;
    const { begin: from, size: extent } = attributes as unknown as { begin: number[]; size: number[] };
    const [begin, size] = slice_util.parseSliceParams(x as never, from, extent) as [number[], number[]];
    slice_util.assertParamsValid(x as never, begin, size);
    const strides = [...util.computeStrides(x.shape), 1];
    const outer = size.length - wholeAxes(x.shape, size) - 1;
    if (outer > 3) return undefined;
    const out = heap.output(size, x.dtype);
    const axis = (i: number): [number, number] => (i < 0 ? [1, 0] : [size[i] ?? 1, 4 * (strides[i] ?? 0)]);
    const [[count0, stride0], [count1, stride1], [count2, stride2]] = [
      axis(outer - 3),
      axis(outer - 2),
      axis(outer - 1),
    ];
    const start = begin.reduce((offset, first, i) => offset + first * (strides[i] ?? 1), 0);
    const run = 4 * util.sizeFromShape(size.slice(Math.max(0, outer)));
    heap.kernels.copyBox(
      heap.address(x) + 4 * start,
      heap.address(out),
      count0,
      count1,
      count2,
      stride0,
      stride1,
      stride2,
      run,
    );
    return out;
  },
};

/** Number of last axes that are taken whole, so that one run of memory spans them and the axis before. */
function wholeAxes(shape: readonly number[], size: readonly number[]): number {
  const partial = shape.findLastIndex((length, i) => size[i] !== length);
  return Math.min(shape.length - 1, shape.length - 1 - partial);
}
