import { util } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/**
 * Sums up along an axis. TensorFlow.js' own takes a negative axis for none and writes over memory that is not its own.
 */
export const cumsum: Kernel = cumulative('Cumsum', 0, (total, value) => total + value);

/** Multiplies up along an axis; see {@link cumsum}. */
export const cumprod: Kernel = cumulative('Cumprod', 1, (total, value) => total * value);

function cumulative(name: string, start: number, combine: (total: number, value: number) => number): Kernel {
  return {
    name,
    run(heap, inputs, attributes) {
      const x = input(inputs, 'x');
      const { axis, exclusive, reverse } = attributes as { axis: number; exclusive: boolean; reverse: boolean };
      const [along = 0] = util.parseAxisParam(axis, x.shape);
      const count = x.shape[along] ?? 1;
      const stride = util.sizeFromShape(x.shape.slice(along + 1));
      const out = heap.output(x.shape, x.dtype === 'bool' ? 'int32' : x.dtype);
      const [from, to] = [heap.values(x), heap.values(out)];
      const step = reverse ? -stride : stride;
      for (let outer = 0; outer < from.length; outer += count * stride) {
        for (let inner = 0; inner < stride; inner++) {
          let total = start;
          let at = outer + inner + (reverse ? (count - 1) * stride : 0);
          for (let i = 0; i < count; i++, at += step) {
            const next = combine(total, from[at] as number);
            to[at] = exclusive ? total : next;
            // What was stored, rounded to the type.
            total = exclusive ? rounded(next, to) : (to[at] as number);
          }
        }
      }
      return out;
    },
  };
}

function rounded(value: number, like: Float32Array | Int32Array | Uint8Array): number {
  return like instanceof Float32Array ? Math.fround(value) : value | 0;
}
