import { util } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/** Reverses axes of truth values, of which TensorFlow.js' own takes four at a time. */
export const reverse: Kernel = {
  name: 'Reverse',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    if (x.dtype !== 'bool') return undefined;
    const axes = util.parseAxisParam(attributes.dims as number | number[], x.shape);
    const out = heap.output(x.shape, 'bool');
    const [from, to] = [heap.values(x), heap.values(out)];
    const strides = x.shape.map((_, i) => util.sizeFromShape(x.shape.slice(i + 1)));
    for (let i = 0; i < from.length; i++) {
      let at = 0;
      for (const [axis, size] of x.shape.entries()) {
        const stride = strides[axis] as number;
        const place = Math.floor(i / stride) % size;
        at += stride * (axes.includes(axis) ? size - 1 - place : place);
      }
      to[at] = from[i] as number;
    }
    return out;
  },
};
