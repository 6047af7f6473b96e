import { util } from '@tensorflow/tfjs-core';
import { MEAN_GRADIENT } from '../../mean/mean-gradient.js';
import { emptyReduction } from './empty-reductions.js';
import { input, type Kernel } from './kernel.js';
import { blockOf, sumBlocks } from './sum.js';

const empty = emptyReduction('Mean', Number.NaN);

/** Means over axes other than the last, as in global pooling. TensorFlow.js' own transposes the data first. */
export const mean: Kernel = {
  name: 'Mean',
  run(heap, inputs, attributes, own) {
    const nothing = empty.run(heap, inputs, attributes, own);
    if (nothing !== undefined) return nothing;
    const block = blockOf(input(inputs, 'x'), attributes);
    if (block === undefined) return undefined;
    const out = sumBlocks(heap, input(inputs, 'x'), block);
    const values = heap.values(out);
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / block.reduced;
    return out;
  },
};

/** What each number of a mean gives back to those it was made of. */
export const meanGradient: Kernel = {
  name: MEAN_GRADIENT,
  run(heap, inputs, attributes) {
    const dy = input(inputs, 'dy');
    const { shape, axes } = attributes as { shape: number[]; axes: number[] };
    const [first = 0, count] = [axes[0], axes.length];
    const size = (from: number, to?: number): number => util.sizeFromShape(shape.slice(from, to));
    const [lines, rows, columns] = [size(0, first), size(first, first + count), size(first + count)];
    const dx = heap.output(shape);
    heap.kernels.spreadRows(heap.address(dy), heap.address(dx), lines, rows, columns, rows);
    return dx;
  },
};
